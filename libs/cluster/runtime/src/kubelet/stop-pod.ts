import { podContainers } from "@bookmesh/pod-network";
import { reportPodEvent, type PodContext } from "./pod-context.ts";
import { stopContainer } from "./stop-container.ts";

/** A sidecar that the main containers have used the whole grace period up for still gets so long. */
const LEAST_SIDECAR_GRACE_MS = 2000;

/** Ends the main containers together, then the sidecars from the last to the first, all within one grace period. */
export async function stopPod(context: PodContext, graceMs: number): Promise<void> {
  const { clock } = context.node;
  const endAtMs = clock.now() + graceMs;
  const running = podContainers(context.pod().spec).filter(({ container }) =>
    context.runs.has(container.name),
  );
  for (const { container } of running)
    reportPodEvent(context, ["Normal", "Killing", `Stopping container ${container.name}`], container.name);
  const first = running.filter(({ role }) => role !== "sidecar");
  await Promise.all(first.map(({ container }) => stopContainer(context, container, graceMs)));
  for (const { container } of running.filter(({ role }) => role === "sidecar").toReversed()) {
    const leftMs = Math.max(Math.min(graceMs, LEAST_SIDECAR_GRACE_MS), endAtMs - clock.now());
    await stopContainer(context, container, leftMs);
  }
}
