import { warmingOf } from "./visible-resources.ts";
import { emptyDiscoveryState, receive, type DiscoveryState } from "./discovery-state.ts";
import type { DiscoveryAnswer, ReceivePorts, ResourceSet } from "./resource-set.ts";

/**
 * The configuration as the answers that would bring it about again, in the order that they have to come; `undefined` while some of it is still on its way.
 * `keepsSecrets` is false where they have no place that is safe: the same names are then asked for anew.
 */
export function savedAnswers(
  state: DiscoveryState,
  { keepsSecrets }: { readonly keepsSecrets: boolean },
): readonly DiscoveryAnswer[] | undefined {
  const { clusters, listeners } = warmingOf(state);
  const isWhole = state.cluster.isAnswered && state.listener.isAnswered;
  if (!isWhole || clusters.size > 0 || listeners.size > 0) return undefined;
  const { secret } = state;
  return [
    answerOf(state.cluster),
    answerOf(state.endpoint),
    answerOf(state.listener),
    answerOf(state.route),
    keepsSecrets ? answerOf(secret) : { ...answerOf(secret), versionInfo: "", resources: [] },
  ];
}

function answerOf<Spec>({ subscription, accepted }: ResourceSet<Spec>): DiscoveryAnswer {
  const { typeUrl, acceptedVersion: versionInfo } = subscription;
  return { typeUrl, versionInfo, nonce: "", resources: Array.from(accepted.values(), ({ any }) => any) };
}

/** The state that saved answers lead to; a sentence where this proxy would refuse one of them now. */
export function restoreState(
  answers: readonly DiscoveryAnswer[],
  ports: ReceivePorts,
): DiscoveryState | string {
  let state = emptyDiscoveryState();
  for (const answer of answers) {
    const step = receive(state, answer, ports);
    const refusal = step.requests.find(({ errorDetail }) => errorDetail !== undefined);
    if (refusal?.errorDetail !== undefined) return refusal.errorDetail;
    state = step.state;
  }
  return state;
}
