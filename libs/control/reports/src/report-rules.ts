import { ANALYZERS, levelOf, meshAnalysis, type Finding } from "@bookmesh/analysis";
import {
  reconciler,
  type FollowedWorld,
  type FollowPorts,
  type MeshRules,
  type Progress,
} from "@bookmesh/mesh-world";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { describeIssues } from "@bookmesh/kernel";
import { KubeError } from "@bookmesh/kube-client";
import type { EventRecorder } from "./event-recorder.ts";
import { newStatus } from "./rule-status.ts";

/** Changes come in groups; each rule is written once for all of them. */
const PAUSE_MS = 500;

/** What the last report on a rule was made of. */
interface Reported {
  readonly findings: readonly Finding[];
  readonly status: unknown;
}

/**
 * Tells the authors of rules what became of them, in the rules' status and, where one is refused, by an event; until
 * the signal is aborted. One istiod of several does so.
 */
export function reportRules(world: FollowedWorld, record: EventRecorder, ports: FollowPorts): void {
  const { clock, signal } = ports;
  const { statuses } = world;
  const analysis = meshAnalysis(ANALYZERS);
  /** Most changes of the mesh concern few of the rules. */
  const reported = new WeakMap<KubeObject, Reported>();
  const reconcile = async (): Promise<Progress> => {
    await clock.sleep(PAUSE_MS, signal);
    const { snapshot, rules } = world.current();
    const failures: unknown[] = [];
    for (const { resource, rule } of allOf(rules)) {
      const findings = analysis.findings(rule, snapshot);
      const status = statuses.of(rule);
      const last = reported.get(rule);
      if (last?.findings === findings && last.status === status) continue;
      await report({ resource, rule, status, findings }).then(
        () => reported.set(rule, { findings, status }),
        (error: unknown) => failures.push(error),
      );
    }
    // One rule's trouble is not the others', but all are tried again.
    if (failures.length > 0) throw failures[0];
    return "done";
  };
  const report = async ({ resource, rule, status: before, findings }: Reporting) => {
    const remarks = findings.filter((finding) => levelOf(finding) !== "Info");
    const status = newStatus({ ...rule, status: before }, remarks, timeOf(clock.now()));
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
  for (const subject of [world, statuses])
    signal.addEventListener("abort", subject.subscribe(onChange), { once: true });
  onChange();
}

/** A rule, and what is to be said of it. */
interface Reporting extends Reported {
  readonly resource: ResourceRef;
  readonly rule: KubeObject;
}

function allOf({
  virtualServices,
  destinationRules,
  gateways,
}: MeshRules): readonly Pick<Reporting, "resource" | "rule">[] {
  const of = (resource: ResourceRef, rules: readonly KubeObject[]) =>
    rules.map((rule) => ({ resource, rule }));
  return [
    ...of(RESOURCES.virtualServices, virtualServices),
    ...of(RESOURCES.destinationRules, destinationRules),
    ...of(RESOURCES.gateways, gateways),
  ];
}

/** A rule may be deleted at any moment. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof KubeError && error.status.code === 404)) throw error;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
