import { backoffMs, type Random } from "@bookmesh/kernel";
import {
  PROXY_FAILURES,
  type Cluster,
  type ForwardAction,
  type Host,
  type ProxyFailure,
} from "@bookmesh/proxy-core";
import { decideRetry, mayRetry, type AttemptEnd } from "@bookmesh/proxy-core/retry";
import type { VirtualBreakers } from "./virtual-breakers.ts";

/** What a host does with a try: an answer after some time, or none because its connection is refused. */
export type Reaction =
  | { readonly kind: "answer"; readonly status: number; readonly afterMs: number }
  | { readonly kind: "refused" };

/** Decides what a host does. */
export type Behaviour = (host: Host) => Reaction;

/** What a caller got. */
export interface Sent {
  readonly status: number;
  /** Envoy's response flags. */
  readonly flags: readonly string[];
  readonly endMs: number;
  /** It has reached a host. */
  readonly wasTried?: boolean;
}

/** What sending needs besides the route. */
export interface SendPorts {
  readonly behaviour: Behaviour;
  readonly random: Random;
  readonly breakers: VirtualBreakers;
  readonly nowMs: number;
  readonly onTry: (host: Host) => void;
}

/** Sends a request through a route in virtual time: faults first, then tries until one is good enough or none is left. */
export function sendOnce(action: ForwardAction, cluster: Cluster, ports: SendPorts): Sent {
  const { random } = ports;
  const { delay, abort } = action.fault ?? {};
  const isDelayed = delay !== undefined && delay.durationMs > 0 && random() < delay.fraction;
  const flags = isDelayed ? ["DI"] : [];
  const startMs = ports.nowMs + (isDelayed ? delay.durationMs : 0);
  if (abort !== undefined && random() < abort.fraction)
    return { status: abort.status, flags: [...flags, "FI"], endMs: startMs };
  const sent = sendTries(action, cluster, { ...ports, nowMs: startMs });
  return { ...sent, flags: [...flags, ...sent.flags] };
}

function sendTries(action: ForwardAction, cluster: Cluster, ports: SendPorts): Sent {
  const { retry, timeoutMs } = action;
  const deadlineMs = timeoutMs > 0 ? ports.nowMs + timeoutMs : Infinity;
  const tried: Host[] = [];
  let nowMs = ports.nowMs;
  for (let retries = 0; ; retries += 1) {
    ports.breakers.advance(nowMs);
    const host = cluster.pickHost(retry?.avoidsPreviousHosts === true ? tried : []);
    const wasTried = tried.length > 0;
    if (host === undefined) return { ...failure("noHealthyHost", nowMs), wasTried };
    tried.push(host);
    ports.onTry(host);
    const { end, endMs } = tryHost(cluster, host, {
      ...ports,
      nowMs,
      deadlineMs,
      perTryMs: retry?.perTryTimeoutMs ?? 0,
    });
    if (end === "deadline") return { ...failure("upstreamTimeout", endMs), wasTried: true };
    const clusterHasRoom = mayRetry(cluster.limits, { activeRetries: 0, requests: 1 });
    const decision = decideRetry(retry, end, { retries, isReplayable: true, clusterHasRoom });
    if (decision !== "retry" || retry === undefined) {
      const isExhausted = decision === "retriesUsedUp";
      return { ...answerTo(end, endMs, isExhausted), wasTried: true };
    }
    nowMs = endMs + backoffMs(retries, retry.backoff, ports.random);
    if (nowMs >= deadlineMs) return { ...failure("upstreamTimeout", deadlineMs), wasTried: true };
  }
}

interface TryPorts extends SendPorts {
  readonly deadlineMs: number;
  /** 0: none. */
  readonly perTryMs: number;
}

function tryHost(
  cluster: Cluster,
  host: Host,
  { behaviour, breakers, nowMs, deadlineMs, perTryMs }: TryPorts,
): { readonly end: AttemptEnd | "deadline"; readonly endMs: number } {
  const reaction = behaviour(host);
  if (reaction.kind === "refused") {
    breakers.onFailure(cluster, host, nowMs);
    return { end: { kind: "failure", failure: "connectFailed", wasSent: false }, endMs: nowMs };
  }
  const tryEndMs = perTryMs > 0 ? nowMs + perTryMs : Infinity;
  const answerMs = nowMs + reaction.afterMs;
  const endMs = Math.min(answerMs, tryEndMs, deadlineMs);
  if (endMs === answerMs) {
    breakers.onAnswer(cluster, host, { status: reaction.status, nowMs: endMs });
    return { end: { kind: "answer", status: reaction.status }, endMs };
  }
  breakers.onFailure(cluster, host, endMs);
  if (endMs === deadlineMs) return { end: "deadline", endMs };
  return { end: { kind: "failure", failure: "upstreamTimeout", wasSent: true }, endMs };
}

function answerTo(end: AttemptEnd, endMs: number, isExhausted: boolean): Sent {
  const sent = end.kind === "answer" ? { status: end.status, flags: [], endMs } : failure(end.failure, endMs);
  return isExhausted ? { ...sent, flags: [...sent.flags, "URX"] } : sent;
}

function failure(kind: ProxyFailure, endMs: number): Sent {
  const { status, flag } = PROXY_FAILURES[kind];
  return { status, flags: [flag], endMs };
}
