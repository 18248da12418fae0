import { messageOf } from "@bookmesh/kernel";
import type { PodContainer } from "@bookmesh/pod-network";
import { isAborted } from "./is-aborted.ts";
import type { ContainerRun } from "./container-run.ts";
import { execInContainer } from "./exec-in-container.ts";
import { reportPodEvent, type PodContext } from "./pod-context.ts";
import { watchProbes, type ProbeListener } from "./prober.ts";
import { countRestart, restartDelayMs, shallRestart } from "./restart.ts";
import { startContainer, StartProblem } from "./start-container.ts";
import { stopContainer } from "./stop-container.ts";

/** What could not even be started is tried again when somebody may have mended the image map or the ConfigMap. */
const UNSTARTED_RETRY_MS = 10_000;

/**
 * Runs a container, again and again as its restart policy says. Resolves when it will not run any more; after
 * `stopping` has been aborted nothing is started, and whoever aborted it stops what runs.
 */
export async function superviseContainer(
  context: PodContext,
  subject: PodContainer,
  stopping = context.stopping,
): Promise<void> {
  const { node, pod } = context;
  let restarts = 0;
  while (!isAborted(stopping)) {
    const startedAtMs = node.clock.now();
    const exitCode = await runOnce(context, subject);
    if (isAborted(stopping)) return;
    if (exitCode !== undefined && !shallRestart(pod().spec.restartPolicy, subject.role, exitCode)) return;
    restarts = countRestart(restarts, node.clock.now() - startedAtMs);
    const delayMs = exitCode === undefined ? UNSTARTED_RETRY_MS : restartDelayMs(restarts);
    if (delayMs > 0 && exitCode !== undefined) showCrashLoop(context, subject, delayMs);
    await node.clock.sleep(delayMs, stopping).catch(() => undefined); // stopped: the loop ends
  }
}

/** One run from start to exit; `undefined` where it could not be started. */
async function runOnce(context: PodContext, subject: PodContainer): Promise<number | undefined> {
  const { node, update, runs } = context;
  const { name } = subject.container;
  const run = await startContainer(context, subject.container).catch((error: unknown) => {
    showStartProblem(context, subject, error);
    return undefined;
  });
  if (run === undefined) return undefined;
  const over = new AbortController();
  const watching = watchRun(context, { subject, run, signal: over.signal });
  if (context.stopping.aborted) void stopContainer(context, subject.container, 0); // too late: nobody else knows of it
  const exitCode = await run.group.exited;
  over.abort();
  await watching;
  runs.delete(name);
  update(name, { type: "ended", atMs: node.clock.now(), exitCode });
  return exitCode;
}

interface Watching {
  readonly subject: PodContainer;
  readonly run: ContainerRun;
  readonly signal: AbortSignal;
}

async function watchRun(context: PodContext, { subject, run, signal }: Watching): Promise<void> {
  const { container, role } = subject;
  if (role === "init") return;
  const postStart = container.lifecycle?.postStart?.exec;
  if (postStart) await execInContainer(run, { ...postStart, signal }, context.node.ledger);
  const exec = (command: readonly string[], asked: AbortSignal) =>
    execInContainer(run, { command, signal: AbortSignal.any([signal, asked]) }, context.node.ledger);
  const { podIp, isListening } = context.link;
  const target = { podIp, isListening, container, exec };
  const { clock } = context.node;
  await watchProbes(container, { target, clock, signal, listener: probeListener(context, subject) });
}

function probeListener(context: PodContext, { container }: PodContainer): ProbeListener {
  const { name } = container;
  const { update, pod } = context;
  return {
    startedUp: () => update(name, { type: "startedUp" }),
    readiness: (ready) => update(name, { type: "readiness", ready }),
    notListening(port) {
      const place = context.link.place(port);
      const message = `Nothing accepts connections on ${place.host}:${place.port}: a program must listen on the address in its variable APPLICATION_ADDRESS ({address} in image-map.yml); see docs/image-map.md.`;
      reportPodEvent(context, ["Warning", "NotListening", message], name);
    },
    unhealthy(kind, message) {
      const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
      reportPodEvent(context, ["Warning", "Unhealthy", `${title} probe failed: ${message}`], name);
    },
    failed(kind, graceSeconds) {
      const message = `Container ${name} failed ${kind} probe, will be restarted`;
      reportPodEvent(context, ["Normal", "Killing", message], name);
      const seconds = graceSeconds ?? pod().spec.terminationGracePeriodSeconds ?? 30;
      void stopContainer(context, container, seconds * 1000);
    },
  };
}

function showStartProblem(context: PodContext, { container }: PodContainer, error: unknown): void {
  const { name } = container;
  const reason = error instanceof StartProblem ? error.reason : "RunContainerError";
  const message = messageOf(error);
  const wasRefusedBefore = context.record(name).state.waiting?.reason === "ErrImagePull";
  const shown = reason === "ErrImagePull" && wasRefusedBefore ? "ImagePullBackOff" : reason;
  context.update(name, { type: "waiting", reason: shown, message });
  const sentence =
    reason === "ErrImagePull"
      ? `Failed to pull image "${container.image ?? ""}": ${message}`
      : `Error: ${message}`;
  reportPodEvent(context, ["Warning", "Failed", sentence], name);
}

function showCrashLoop(context: PodContext, { container }: PodContainer, delayMs: number): void {
  const { metadata } = context.pod();
  const where = `${container.name} pod=${metadata.name}_${metadata.namespace ?? ""}(${metadata.uid ?? ""})`;
  const message = `back-off ${delayMs / 1000}s restarting failed container=${where}`;
  context.update(container.name, { type: "waiting", reason: "CrashLoopBackOff", message });
  const event = `Back-off restarting failed container ${where}`;
  reportPodEvent(context, ["Warning", "BackOff", event], container.name);
}
