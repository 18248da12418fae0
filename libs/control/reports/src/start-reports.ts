import type { FollowedWorld, FollowPorts } from "@bookmesh/mesh-world";
import type { EventRecorder } from "./event-recorder.ts";
import { standForElection } from "./leader-election.ts";
import { reportRules } from "./report-rules.ts";

/** Who reports, and with what. */
export interface ReportOptions extends FollowPorts {
  readonly identity: { readonly namespace: string; readonly podName: string };
}

/** Istio's own name. */
const LEASE = "istio-status-leader";

/** Reports on the rules as long as this istiod leads; `stop` lets another one lead, and resolves then. */
export function startReports(
  world: FollowedWorld,
  record: EventRecorder,
  options: ReportOptions,
): { stop(): Promise<void> } {
  const { namespace, podName } = options.identity;
  const standing = new AbortController();
  const candidacy = {
    lease: { namespace, name: LEASE },
    identity: podName,
    lead: (signal: AbortSignal) => reportRules(world, record, { ...options, signal }),
  };
  const signal = AbortSignal.any([standing.signal, options.signal]);
  const ended = standForElection(candidacy, { ...options, signal });
  return {
    async stop() {
      standing.abort(new Error("The control plane ends."));
      await ended;
    },
  };
}
