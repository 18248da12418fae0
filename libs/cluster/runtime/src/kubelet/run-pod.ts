import { podContainers, type PodContainer } from "@bookmesh/pod-network";
import type { PodContext } from "./pod-context.ts";
import { stopContainer } from "./stop-container.ts";
import { superviseContainer } from "./supervise-container.ts";

/** How often a starting sidecar is looked at. */
const LOOK_MS = 20;

/**
 * Runs the containers of a pod in their order: init containers one after the other, sidecars among them until they have
 * started, then the main ones side by side; when those are over, the sidecars end too. A pod that a new start of the
 * cluster takes up runs its init containers anew, as Kubernetes does with a new sandbox: its network is a new one.
 */
export async function runPod(context: PodContext): Promise<void> {
  const { pod, record, stopping } = context;
  const containers = podContainers(pod().spec);
  const sidecars: Sidecar[] = [];
  for (const subject of containers.filter(({ role }) => role !== "main")) {
    if (stopping.aborted) break;
    if (subject.role === "sidecar") {
      sidecars.push(startSidecar(context, subject));
      await untilStarted(context, subject);
      continue;
    }
    await superviseContainer(context, subject);
    const exitCode = record(subject.container.name).state.terminated?.exitCode;
    if (exitCode !== 0) return endSidecars(context, sidecars);
  }
  if (!stopping.aborted)
    await Promise.all(
      containers.filter(({ role }) => role === "main").map((subject) => superviseContainer(context, subject)),
    );
  await endSidecars(context, sidecars);
}

interface Sidecar {
  readonly subject: PodContainer;
  readonly over: Promise<void>;
  readonly retire: AbortController;
}

function startSidecar(context: PodContext, subject: PodContainer): Sidecar {
  const retire = new AbortController();
  const over = superviseContainer(context, subject, AbortSignal.any([retire.signal, context.stopping]));
  return { subject, over, retire };
}

async function untilStarted(
  { record, stopping, node }: PodContext,
  { container }: PodContainer,
): Promise<void> {
  while (!stopping.aborted && !record(container.name).started)
    await node.clock.sleep(LOOK_MS, stopping).catch(() => undefined); // stopped: the loop ends
}

/** The last one first. Where the whole pod is being stopped, `stopPod` sends the signals. */
async function endSidecars(context: PodContext, sidecars: readonly Sidecar[]): Promise<void> {
  const graceMs = 1000 * (context.pod().spec.terminationGracePeriodSeconds ?? 30);
  for (const { subject, over, retire } of sidecars.toReversed()) {
    retire.abort();
    if (!context.stopping.aborted) await stopContainer(context, subject.container, graceMs);
    await over;
  }
}
