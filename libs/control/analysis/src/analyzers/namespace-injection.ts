import { RESOURCES, type Namespace } from "@bookmesh/kube-api";
import { analyzerOf } from "../analyzer.ts";
import { isSystemNamespace, REVISION_LABEL, INJECTION_LABEL } from "../world/injected-namespaces.ts";

/** Finds namespaces that say nothing of sidecars, or say it twice. */
export const namespaceInjection = analyzerOf<Namespace>([RESOURCES.namespaces], {
  name: "injection.Analyzer",
  description: "Checks that namespaces say in one way whether their pods get sidecars.",
  codes: ["IST0102", "IST0123"],
  examine: ({ metadata }, world) => {
    const { name, labels = {} } = metadata;
    if (isSystemNamespace(name, world)) return [];
    const hasLabel = labels[INJECTION_LABEL] !== undefined;
    const hasRevision = labels[REVISION_LABEL] !== undefined;
    if (hasLabel && hasRevision) {
      const problem = `has both of ${INJECTION_LABEL} and ${REVISION_LABEL}: keep one of them`;
      return [{ code: "IST0123", path: "metadata.labels", problem }];
    }
    if (hasLabel || hasRevision) return [];
    const problem =
      `does not say whether pods get sidecars: run "kubectl label namespace ${name} ${INJECTION_LABEL}=enabled", ` +
      `or ${INJECTION_LABEL}=disabled`;
    return [{ code: "IST0102", path: "metadata.labels", problem }];
  },
});
