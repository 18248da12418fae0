import { ANALYZERS, levelOf, meshAnalysis, type Finding, type MeshAnalysis } from "@bookmesh/analysis";
import type { MeshWorld } from "@bookmesh/mesh-world";
import { injectionPatch, injectSidecar, type Injection, type InjectionSettings } from "@bookmesh/injection";
import type { AdmissionRequest, AdmissionResponse, KubeObject, Pod } from "@bookmesh/kube-api";
import { describeIssues, type Clock, type SnapshotReader } from "@bookmesh/kernel";
import type { ControlPlaneMetrics } from "../debug/control-plane-metrics.ts";
import type { Reviewer } from "./https-server.ts";

/** What the reviewers know of the installation. */
export type InstallationFacts = Pick<
  InjectionSettings,
  "systemNamespace" | "clusterId" | "revision" | "version"
>;

/** Answers `/inject`: the patch that gives a pod its sidecar. */
export function injectionReviewer(
  world: SnapshotReader<MeshWorld>,
  facts: InstallationFacts,
  { injections }: ControlPlaneMetrics,
): Reviewer {
  return (request) => {
    const pod = podOf(request);
    if (pod === undefined) return { uid: request.uid, allowed: true };
    const { meshConfig, injectorValues } = world.current().settings;
    const namespace = request.namespace ?? pod.metadata.namespace ?? "default";
    const injection = injectSidecar(pod, { ...facts, namespace, meshConfig, values: injectorValues });
    injections.add({ outcome: injection.outcome });
    return { uid: request.uid, ...verdictOf(injection) };
  };
}

function verdictOf(injection: Injection): Omit<AdmissionResponse, "uid"> {
  switch (injection.outcome) {
    case "refused":
      return { allowed: false, status: { code: 400, message: injection.problem } };
    case "skipped": {
      const { isSurprising, reason } = injection;
      return { allowed: true, ...(isSurprising && { warnings: [`The pod gets no sidecar. ${reason}`] }) };
    }
    case "injected": {
      const patch = Buffer.from(JSON.stringify(injectionPatch(injection.pod))).toString("base64");
      const { warnings } = injection;
      return { allowed: true, patchType: "JSONPatch", patch, ...(warnings.length > 0 && { warnings }) };
    }
  }
}

/** Answers `/validate`: errors refuse an object, what its world lacks goes to its author as warnings. */
export function validationReviewer(
  world: SnapshotReader<MeshWorld>,
  clock: Clock,
  { validationsPassed, validationsFailed }: ControlPlaneMetrics,
): Reviewer {
  const analysis = meshAnalysis(ANALYZERS);
  return async ({ uid, object, name }): Promise<AdmissionResponse> => {
    if (object === null) return { uid, allowed: true };
    const { kind } = object;
    const { isValid, findings } = analysis.validate(object);
    if (!isValid) {
      validationsFailed.add({ kind });
      const rule = `${kind} "${object.metadata.name || (name ?? "")}"`;
      const message = `configuration is invalid: ${rule}: ${describeIssues(findings)}`;
      return { uid, allowed: false, status: { code: 400, message } };
    }
    validationsPassed.add({ kind });
    const remarks = await remarksOn(object, world, { analysis, clock });
    const sentences = remarks.map((remark) => describeIssues([remark]));
    return { uid, allowed: true, ...(sentences.length > 0 && { warnings: sentences }) };
  };
}

/** Looks again where something is missing: it may have been applied a moment before, and be still on its way to the watch. */
const CATCH_UP_MS = 100;
const LOOKS = 3;

async function remarksOn(
  object: KubeObject,
  world: SnapshotReader<MeshWorld>,
  { analysis, clock }: { readonly analysis: MeshAnalysis; readonly clock: Clock },
): Promise<readonly Finding[]> {
  const look = () =>
    analysis.findings(object, world.current().snapshot).filter((finding) => levelOf(finding) !== "Info");
  const { findings: own } = analysis.validate(object);
  let remarks = look();
  for (let looks = 1; looks < LOOKS && remarks.length > own.length; looks += 1) {
    await clock.sleep(CATCH_UP_MS);
    remarks = look();
  }
  return remarks;
}

function podOf({ object, kind }: AdmissionRequest): Pod | undefined {
  // The API server has checked the object against the kind that it names.
  return kind.kind === "Pod" && object !== null ? (object as Pod) : undefined;
}
