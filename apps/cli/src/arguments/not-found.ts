import { KubeError, type ApiResource } from "@bookmesh/kube-client";

/** The server's own error for an object that is not there. */
export function notFound({ plural, group }: Pick<ApiResource, "plural" | "group">, name: string): KubeError {
  return new KubeError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NotFound",
    message: `${group === "" ? plural : `${plural}.${group}`} "${name}" not found`,
    code: 404,
  });
}
