import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { describeIssues, type SnapshotReader } from "@bookmesh/kernel";
import { KubeError } from "@bookmesh/kube-client";
import { validateMeshResource, type MeshReview } from "@bookmesh/mesh-api";
import { referenceChecker } from "@bookmesh/translate";
import { followStore, type FollowPorts } from "../world/follow-mesh.ts";
import type { MeshWorld } from "../world/mesh-world.ts";
import { omit } from "../world/omit.ts";
import { reconciler, type Progress } from "../world/reconcile.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { newStatus } from "./rule-status.ts";

/** Changes come in groups; each rule is written once for all of them. */
const PAUSE_MS = 500;
const REPORTED = [RESOURCES.virtualServices, RESOURCES.destinationRules] as const;

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
  const review = reviewer();
  const reconcile = async (): Promise<Progress> => {
    await clock.sleep(PAUSE_MS, signal);
    await Promise.all(followed.map(({ synced }) => synced));
    const warningsOf = referenceChecker(world.current().snapshot);
    const failures: unknown[] = [];
    for (const { resource, store } of followed)
      for (const rule of store.list())
        await report(resource, rule, review(rule, warningsOf)).catch((error: unknown) =>
          failures.push(error),
        );
    // One rule's trouble is not the others', but all are tried again.
    if (failures.length > 0) throw failures[0];
    return "done";
  };
  const report = async (resource: ResourceRef, rule: KubeObject, verdict: MeshReview) => {
    const status = newStatus(rule, verdict, timeOf(clock.now()));
    if (status === undefined || signal.aborted) return;
    const { namespace = "", name } = rule.metadata;
    const patch = { type: "merge", body: { status } } as const;
    await ports.client
      .patch(resource, { namespace, name }, patch, { subresource: "status" })
      .catch(ignoreMissing);
    if (verdict.errors.length === 0) return;
    const message = `The rule is left out: ${describeIssues(verdict.errors)}`;
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

type WarningsOf = ReturnType<typeof referenceChecker>;

/** Validates each object once; what it refers to may change at any time. */
function reviewer(): (rule: KubeObject, warningsOf: WarningsOf) => MeshReview {
  const reviews = new WeakMap<KubeObject, MeshReview>();
  return (rule, warningsOf) => {
    const known = reviews.get(rule) ?? validateMeshResource(rule);
    reviews.set(rule, known);
    if (known.errors.length > 0) return known;
    return { errors: [], warnings: [...known.warnings, ...warningsOf(rule)] };
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
