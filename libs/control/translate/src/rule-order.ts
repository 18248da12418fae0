import type { ObjectMeta } from "@bookmesh/kube-api";

/** Orders rules by age, the oldest first, then by name and namespace, so that every reader sees one order. */
export function compareAge(
  one: { readonly metadata: ObjectMeta },
  other: { readonly metadata: ObjectMeta },
): number {
  return (
    compareText(one.metadata.creationTimestamp ?? "", other.metadata.creationTimestamp ?? "") ||
    compareText(one.metadata.name, other.metadata.name) ||
    compareText(one.metadata.namespace ?? "", other.metadata.namespace ?? "")
  );
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
