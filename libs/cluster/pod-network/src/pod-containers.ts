import type { Container, Pod, PodSpec } from "@bookmesh/kube-api";

/** What part a container plays: it runs once before the others, beside them for as long as they do, or is the point. */
export type ContainerRole = "init" | "sidecar" | "main";

/** A container with its part. */
export interface PodContainer {
  readonly role: ContainerRole;
  readonly container: Container;
}

/** The container that makes a pod a member of the mesh. */
const PROXY_CONTAINER = "istio-proxy";

/** All containers of a pod in the order in which they start. */
export function podContainers({ initContainers = [], containers }: PodSpec): readonly PodContainer[] {
  return [
    ...initContainers.map((container): PodContainer => ({
      role: container.restartPolicy === "Always" ? "sidecar" : "init",
      container,
    })),
    ...containers.map((container): PodContainer => ({ role: "main", container })),
  ];
}

/** Says whether the pod has a sidecar, which takes the pod IP and leaves the application address to the application. */
export function hasProxy({ spec }: Pod): boolean {
  return podContainers(spec).some(({ container }) => container.name === PROXY_CONTAINER);
}
