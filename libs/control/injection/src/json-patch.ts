import type { Pod } from "@bookmesh/kube-api";

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  readonly op: "add" | "replace" | "remove" | "test";
  readonly path: string;
  readonly value?: unknown;
}

/** The patch that makes of a pod the injected one: whatever an injection may change, as a whole. */
export function injectionPatch({ metadata, spec }: Pod): readonly JsonPatchOperation[] {
  const { containers, initContainers, volumes } = spec;
  return [
    { op: "add", path: "/metadata/labels", value: metadata.labels },
    { op: "add", path: "/metadata/annotations", value: metadata.annotations },
    ...(initContainers ? [{ op: "add", path: "/spec/initContainers", value: initContainers } as const] : []),
    { op: "add", path: "/spec/containers", value: containers },
    { op: "add", path: "/spec/volumes", value: volumes },
  ];
}
