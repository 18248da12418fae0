import { jsonLogger, systemClock } from "@bookmesh/node-host";
import { serveTraffic } from "@bookmesh/traffic";
import type { FakeControlPlane } from "../ads/fake-control-plane.ts";
import type { PodEnvironment } from "./pod-environment.ts";
import { startSidecar, type Sidecar } from "./run-sidecar.ts";

/** Starts a proxy as a test wants it: on free ports, without an access log. */
export function startTestSidecar(
  pod: PodEnvironment,
  { port }: Pick<FakeControlPlane, "port">,
  signal: AbortSignal,
): Promise<Sidecar> {
  return startSidecar({
    pod,
    controlPlane: { address: `127.0.0.1:${port}` },
    version: "test",
    ports: { admin: 0, agent: 0, health: 0, metrics: 0 },
    serveTraffic,
    accessLog: { write: () => undefined, dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: Math.random,
    logger: jsonLogger("test"),
    signal,
  });
}
