import type { EnvVar } from "@bookmesh/kube-api";

/** A variable that a field of the pod gives its value (the downward API). */
export function fromField(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}
