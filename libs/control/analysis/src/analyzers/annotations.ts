import { POD_ANNOTATIONS } from "@bookmesh/injection";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { POD_KINDS, podTemplateOf } from "../world/pod-template.ts";

/** Annotations of Istio's own groups. */
const OURS = /^([a-z0-9-]+\.)*istio\.io\//;
/** Those of other kinds than pods, and the kinds that they mean something at. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  "networking.istio.io/exportTo": ["Service"],
};
/** Those that anything may have; the second is what the injector writes. */
const ANYWHERE: ReadonlySet<string> = new Set(["galley.istio.io/analyze-suppress", "istio.io/rev"]);

/** Finds annotations that change nothing where they stand. */
export const annotations = analyzerOf<KubeObject>([RESOURCES.namespaces, RESOURCES.services, ...POD_KINDS], {
  name: "annotations.K8sAnalyzer",
  description: "Checks that the mesh's annotations are known and stand at objects that they are for.",
  codes: ["IST0107", "IST0108"],
  examine: (object) => {
    const placed = podTemplateOf(object);
    const ofPod = placed && annotationIssues(placed.template.metadata?.annotations, "Pod", placed.path);
    const isPod = placed?.path === "";
    return [
      ...(isPod ? [] : annotationIssues(object.metadata.annotations, object.kind, "")),
      ...(ofPod ?? []),
    ];
  },
});

function annotationIssues(
  found: Readonly<Record<string, string>> | undefined,
  kind: string,
  at: string,
): readonly Finding[] {
  return Object.keys(found ?? {}).flatMap((name): readonly Finding[] => {
    if (!OURS.test(name) || ANYWHERE.has(name)) return [];
    const path = `${at}metadata.annotations.${name}`;
    const kinds = POD_ANNOTATIONS.has(name) ? ["Pod"] : PLACES[name];
    if (kinds === undefined) return [{ code: "IST0108", path, problem: "is not known and changes nothing" }];
    if (kinds.includes(kind)) return [];
    const hint = kinds.includes("Pod") && kind !== "Pod" ? " (of a workload: in its pod template)" : "";
    const problem = `means nothing at a ${kind}, but at a ${kinds.join(", ")}${hint}`;
    return [{ code: "IST0107", path, problem }];
  });
}
