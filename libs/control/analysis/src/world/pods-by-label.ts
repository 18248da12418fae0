import { selects, type Pod } from "@bookmesh/kube-api";
import { namespaceOf } from "./namespace-of.ts";

/** Finds the pods of a namespace that have all of some labels; none for an empty selector, as services have it. */
export type SelectPods = (namespace: string, selector: Readonly<Record<string, string>>) => readonly Pod[];

/** Orders pods by their labels, so that a selector looks at few of them. */
export function podsByLabel(pods: readonly Pod[]): SelectPods {
  const byLabel = new Map<string, Pod[]>();
  for (const pod of pods) {
    const namespace = namespaceOf(pod);
    for (const label of Object.entries(pod.metadata.labels ?? {})) {
      const key = keyOf(namespace, label);
      const found = byLabel.get(key);
      if (found === undefined) byLabel.set(key, [pod]);
      else found.push(pod);
    }
  }
  return (namespace, selector) => {
    const lists = Object.entries(selector).map((label) => byLabel.get(keyOf(namespace, label)) ?? []);
    const [shortest = []] = lists.sort((one, other) => one.length - other.length);
    return shortest.filter(({ metadata }) => selects({ matchLabels: selector }, metadata.labels));
  };
}

function keyOf(namespace: string, [key, value]: readonly [string, string]): string {
  return `${namespace}/${key}=${value}`;
}
