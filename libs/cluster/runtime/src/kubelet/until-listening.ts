import type { Clock } from "@bookmesh/kernel";
import { isAborted } from "./is-aborted.ts";
import type { Container } from "@bookmesh/kube-api";

/** A program that does not listen by then perhaps never will: it counts as ready, as on Kubernetes. */
const MAX_WAIT_MS = 3000;
const LOOK_MS = 25;

/**
 * Resolves when the container's TCP ports are listened on, or after three seconds; with the port that
 * does not, if there is one. On Kubernetes a container without a readiness probe is ready as soon as it runs; here, where a rollout takes milliseconds, that would
 * send it traffic before its program has opened its port.
 */
export async function untilListening(
  { ports = [] }: Container,
  isListening: (port: number) => Promise<boolean>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const endAtMs = clock.now() + MAX_WAIT_MS;
  for (const { containerPort, protocol = "TCP" } of ports) {
    while (protocol === "TCP" && !(await isListening(containerPort))) {
      if (clock.now() >= endAtMs || isAborted(signal)) return containerPort;
      await clock.sleep(LOOK_MS, signal).catch(() => undefined); // aborted: the loop ends
    }
  }
  return undefined;
}
