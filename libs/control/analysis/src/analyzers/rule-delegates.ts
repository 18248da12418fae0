import { RESOURCES } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import { isExported } from "@bookmesh/translate/parts";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import type { Surroundings } from "../world/surroundings.ts";

/** Finds routes that are left out, since there is nothing that they could delegate to. */
export const ruleDelegates = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.DelegateAnalyzer",
  description: "Checks that the VirtualServices which a VirtualService delegates to exist.",
  codes: ["IST0101"],
  examine: (rule, { snapshot }) =>
    (rule.spec.http ?? []).flatMap(({ delegate }, at): readonly Finding[] => {
      if (delegate === undefined) return [];
      const { name = "", namespace = namespaceOf(rule) } = delegate;
      const problem = problemOf({ name, namespace, reader: namespaceOf(rule) }, snapshot);
      if (problem === undefined) return [];
      return [
        {
          code: "IST0101",
          path: `spec.http[${at}].delegate`,
          problem: `names VirtualService ${namespace}/${name}, ${problem}: the route is left out`,
        },
      ];
    }),
});

interface DelegateReference {
  readonly name: string;
  readonly namespace: string;
  /** The namespace of the rule that delegates. */
  readonly reader: string;
}

function problemOf(
  { name, namespace, reader }: DelegateReference,
  { virtualServices }: Surroundings["snapshot"],
): string | undefined {
  const found = virtualServices.find(
    (each) => each.metadata.name === name && namespaceOf(each) === namespace,
  );
  if (found === undefined) return "which does not exist";
  if ((found.spec.hosts ?? []).length > 0) return "which has hosts of its own and so is no delegate";
  if (!isExported(found.spec.exportTo, namespace, reader)) return `which is not exported to ${reader}`;
  return undefined;
}
