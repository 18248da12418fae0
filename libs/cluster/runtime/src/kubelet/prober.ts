import type { Clock } from "@bookmesh/kernel";
import { isAborted } from "./is-aborted.ts";
import type { Container, Probe } from "@bookmesh/kube-api";
import { askProbe, type ProbeTarget } from "./ask-probe.ts";
import { untilListening } from "./until-listening.ts";
import { NO_VERDICT, nextVerdict, probeTiming } from "./probe-verdict.ts";

/** Told what the probes of a container amount to. */
export interface ProbeListener {
  startedUp(): void;
  readiness(ready: boolean): void;
  /** A startup or liveness probe has failed for good: the container must be restarted. */
  failed(kind: "startup" | "liveness", graceSeconds: number | undefined): void;
  /** Nothing accepts connections on a port that the container names. */
  notListening(port: number): void;
  /** One answer that was not a success. */
  unhealthy(kind: ProbeKind, message: string): void;
}

/** Which of a container's probes. */
type ProbeKind = "startup" | "liveness" | "readiness";

/** How soon a container that is not up yet is asked again; the tries between two regular ones do not count. */
const EAGER_INITIAL_MS = 100;
const EAGER_MAX_MS = 1000;

interface Asking {
  readonly target: ProbeTarget;
  readonly clock: Clock;
  readonly listener: ProbeListener;
  readonly signal: AbortSignal;
}

/** Asks the container's probes until `signal` is aborted: the startup probe first, then the other two side by side. */
export async function watchProbes(container: Container, asking: Asking): Promise<void> {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const { listener, signal } = asking;
  if (startupProbe) {
    const passed = await untilOutcome(startupProbe, "startup", asking);
    if (signal.aborted) return;
    if (!passed) {
      listener.failed("startup", startupProbe.terminationGracePeriodSeconds);
      return;
    }
  }
  listener.startedUp();
  await Promise.all([
    readinessProbe ? followReadiness(readinessProbe, asking) : readyWhenListening(container, asking),
    livenessProbe && followLiveness(livenessProbe, asking),
  ]);
}

async function untilOutcome(probe: Probe, kind: ProbeKind, asking: Asking): Promise<boolean> {
  for await (const outcome of outcomes(probe, kind, asking))
    if (outcome !== "unknown") return outcome === "success";
  return false;
}

async function readyWhenListening(container: Container, asking: Asking): Promise<void> {
  const { target, signal, listener } = asking;
  const closedPort = await untilListening(container, target.isListening, asking);
  if (isAborted(signal)) return;
  if (closedPort !== undefined) listener.notListening(closedPort);
  listener.readiness(true);
}

async function followReadiness(probe: Probe, asking: Asking): Promise<void> {
  let ready = false;
  for await (const outcome of outcomes(probe, "readiness", asking)) {
    if ((outcome === "success") === ready) continue;
    ready = !ready;
    asking.listener.readiness(ready);
  }
}

async function followLiveness(probe: Probe, asking: Asking): Promise<void> {
  for await (const outcome of outcomes(probe, "liveness", asking))
    if (outcome === "failure") {
      asking.listener.failed("liveness", probe.terminationGracePeriodSeconds);
      return;
    }
}

/** The outcome after each answer. Ends when the signal is aborted. */
async function* outcomes(
  probe: Probe,
  kind: ProbeKind,
  { target, clock, listener, signal }: Asking,
): AsyncGenerator<"unknown" | "success" | "failure"> {
  const timing = probeTiming(probe);
  let verdict = NO_VERDICT;
  let regularAtMs = clock.now() + timing.initialDelayMs;
  let eagerMs = EAGER_INITIAL_MS;
  let waitMs = timing.initialDelayMs;
  while (await slept(clock, waitMs, signal)) {
    const problem = await askProbe(probe, target, timing.timeoutMs);
    if (signal.aborted) return;
    const isRegular = clock.now() >= regularAtMs;
    if (isRegular) regularAtMs = clock.now() + timing.periodMs;
    if (problem === undefined || isRegular) {
      verdict = nextVerdict(verdict, problem === undefined, timing);
      if (problem !== undefined) listener.unhealthy(kind, problem);
      yield verdict.outcome;
    }
    const isEager = kind !== "liveness" && problem !== undefined && verdict.outcome === "unknown";
    waitMs = Math.max(0, regularAtMs - clock.now());
    if (isEager) waitMs = Math.min(waitMs, eagerMs);
    eagerMs = Math.min(EAGER_MAX_MS, eagerMs * 2);
  }
}

/** `false` where the signal was aborted meanwhile. */
async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}
