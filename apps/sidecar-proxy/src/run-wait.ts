import { setTimeout as sleep } from "node:timers/promises";
import { askOwnSidecar } from "@bookmesh/proxy-node/ask-own-sidecar";

/** A container whose hook fails is started again, with everything that waits for it. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 25;

/** `sidecar-proxy wait`: ends when this pod's sidecar is ready; the hook that lets the application start. */
export async function runWait(): Promise<number> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs) {
    const answer = await askOwnSidecar("GET", "/ready").catch(() => undefined); // not listening yet
    if (answer?.status === 200) return 0;
    await sleep(PAUSE_MS);
  }
  process.stderr.write(`The sidecar was not ready within ${PATIENCE_MS / 1_000} s.\n`);
  return 1;
}
