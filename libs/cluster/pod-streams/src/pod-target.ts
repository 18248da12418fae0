import { badRequest, unavailable, type ObjectKey, type PodRuntime } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import { at, objectsOf, textOf } from "@bookmesh/kube-model";

/** What a request for a stream says. */
export interface StreamRequest {
  readonly pod: ObjectKey;
  readonly object: KubeObject;
  readonly query: URLSearchParams;
}

/** Where whoever runs pods is found: `undefined` until it is there. */
export interface PodHost {
  readonly podRuntime: () => PodRuntime | undefined;
}

/** Whoever runs pods; throws ServiceUnavailable until it is there. */
export function runtimeOf(host: PodHost): PodRuntime {
  const runtime = host.podRuntime();
  if (runtime) return runtime;
  throw unavailable("nobody runs pods yet; try again in a moment");
}

/** The container that a request means: the one that it names, the annotated default, or the only one. */
export function containerOf(pod: KubeObject, wanted: string): string {
  const { name } = pod.metadata;
  const names = (list: string) => objectsOf(at(pod, "spec", list)).map((each) => textOf(each["name"]));
  const containers = names("containers");
  const initial = names("initContainers");
  if (wanted !== "") {
    if ([...containers, ...initial].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const usual = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (usual !== undefined && containers.includes(usual)) return usual;
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only;
  const inits = initial.length > 0 ? ` or one of the init containers: [${initial.join(" ")}]` : "";
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(" ")}]${inits}`,
  );
}
