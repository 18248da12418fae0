import type { ResourceKind } from "@bookmesh/kube-model";

/** What discovery and OpenAPI say about a subresource. */
export interface Subresource {
  readonly verbs: readonly string[];
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
}

const READ_WRITE = ["get", "patch", "update"];
const CONNECT = ["create", "get"];

/** A subresource of a kind, by its name. */
export function subresourceOf(kind: ResourceKind, name: string): Subresource {
  const { group, version } = kind;
  switch (name) {
    case "scale":
      return { verbs: READ_WRITE, responseKind: { group: "autoscaling", version: "v1", kind: "Scale" } };
    case "eviction":
      return { verbs: ["create"], responseKind: { group: "policy", version: "v1", kind: "Eviction" } };
    case "token":
      return {
        verbs: ["create"],
        responseKind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
      };
    case "exec":
      return { verbs: CONNECT, responseKind: { group, version, kind: "PodExecOptions" } };
    case "portforward":
      return { verbs: CONNECT, responseKind: { group, version, kind: "PodPortForwardOptions" } };
    case "log":
      return { verbs: ["get"], responseKind: { group, version, kind: kind.kind } };
    case "finalize":
      return { verbs: ["update"], responseKind: { group, version, kind: kind.kind } };
    default:
      return { verbs: READ_WRITE, responseKind: { group, version, kind: kind.kind } };
  }
}
