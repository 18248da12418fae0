import { ANALYZERS, levelOf, meshAnalysis, type Finding } from "@bookmesh/analysis";
import {
  followStore,
  omit,
  reconciler,
  type FollowPorts,
  type MeshWorld,
  type Progress,
} from "@bookmesh/mesh-world";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { describeIssues, type SnapshotReader } from "@bookmesh/kernel";
import { KubeError } from "@bookmesh/kube-client";
import type { EventRecorder } from "./event-recorder.ts";
import { newStatus } from "./rule-status.ts";

/** Changes come in groups; each rule is written once for all of them. */
const PAUSE_MS = 500;
const REPORTED = [RESOURCES.virtualServices, RESOURCES.destinationRules, RESOURCES.gateways] as const;

/**
 * Tells the authors of rules what became of them, in the rules' status and, where one is refused, by an event; until
 * the signal is aborted. One istiod of several does so.
 */
export function reportRules(
  world: SnapshotReader<MeshWorld>,
  record: EventRecorder,
  ports: FollowPorts,
): void {
  const { clock, signal } = ports;
  const analysis = meshAnalysis(ANALYZERS);
  /** What each rule was last reported to be: most changes of the mesh concern few of them. */
  const reported = new WeakMap<KubeObject, readonly Finding[]>();
  const reconcile = async (): Promise<Progress> => {
    await clock.sleep(PAUSE_MS, signal);
    await Promise.all(followed.map(({ synced }) => synced));
    const { snapshot } = world.current();
    const counterpart = counterparts(snapshot);
    const failures: unknown[] = [];
    for (const { resource, store } of followed)
      for (const rule of store.list()) {
        const findings = analysis.findings(counterpart(rule), snapshot);
        if (reported.get(rule) === findings) continue;
        await report(resource, rule, findings).then(
          () => reported.set(rule, findings),
          (error: unknown) => failures.push(error),
        );
      }
    // One rule's trouble is not the others', but all are tried again.
    if (failures.length > 0) throw failures[0];
    return "done";
  };
  const report = async (resource: ResourceRef, rule: KubeObject, findings: readonly Finding[]) => {
    const remarks = findings.filter((finding) => levelOf(finding) !== "Info");
    const status = newStatus(rule, remarks, timeOf(clock.now()));
    if (status === undefined || signal.aborted) return;
    const { namespace = "", name } = rule.metadata;
    const patch = { type: "merge", body: { status } } as const;
    await ports.client
      .patch(resource, { namespace, name }, patch, { subresource: "status" })
      .catch(ignoreMissing);
    if (analysis.validate(rule).isValid) return;
    const message = `The rule is left out: ${describeIssues(remarks)}`;
    record({ regarding: rule, type: "Warning", reason: "Rejected", message });
  };
  const onChange = reconciler("Reporting on the rules", reconcile, ports);
  const followed = REPORTED.map((resource) => {
    const spec = { resource, where: {}, transform: withoutNoise, onChange };
    return { resource, ...followStore(ports, spec) };
  });
  const unsubscribe = world.subscribe(onChange);
  signal.addEventListener("abort", unsubscribe, { once: true });
}

/**
 * Finds what the world has of a rule: the same but for its status, and most is known of it already. The rule itself where
 * the world has another generation of it, or none.
 */
function counterparts({ virtualServices, destinationRules, gateways }: MeshWorld["snapshot"]) {
  const rules: readonly KubeObject[] = [...virtualServices, ...destinationRules, ...gateways];
  const byUid = new Map(rules.map((rule) => [rule.metadata.uid, rule]));
  return (rule: KubeObject): KubeObject => {
    const known = byUid.get(rule.metadata.uid);
    return known?.metadata.generation === rule.metadata.generation ? (known ?? rule) : rule;
  };
}

/** A rule may be deleted at any moment. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof KubeError && error.status.code === 404)) throw error;
}

function withoutNoise(rule: KubeObject): KubeObject {
  return { ...rule, metadata: omit(rule.metadata, "managedFields", "resourceVersion", "annotations") };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
