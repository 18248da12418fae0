import { routerTranslator } from "@bookmesh/gateways";
import type { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import type { Clock } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { meshTranslator } from "@bookmesh/translate";
import { startDiscovery, type RunningDiscovery } from "../discovery.ts";

/** A control plane on free loopback ports, and what ends it. */
export interface TestDiscovery extends RunningDiscovery {
  /** Stops serving and following. */
  end(): Promise<void>;
}

/** What a spec may set of a control plane. */
export interface TestDiscoveryOptions {
  readonly podName?: string;
  readonly clock?: Clock;
  readonly drainMs?: number;
}

/** Starts a control plane for the world of `api`. */
export async function testDiscovery(
  api: FakeKubeApi,
  { podName = "istiod-1", clock = systemClock, drainMs = 0 }: TestDiscoveryOptions = {},
): Promise<TestDiscovery> {
  const stopping = new AbortController();
  const translator = meshTranslator(routerTranslator());
  const running = await startDiscovery({
    client: api.client(),
    clock,
    random: () => 0.5,
    log: silentLogger(),
    signal: stopping.signal,
    drainMs,
    identity: {
      podName,
      namespace: "istio-system",
      clusterId: "Kubernetes",
      revision: "default",
      version: "0.1.0",
    },
    addresses: { host: "127.0.0.1", xdsPort: 0, webhookPort: 0, monitoringPort: 0 },
    translate: (snapshot, view) => translator.translate(snapshot, view),
  });
  return {
    ...running,
    async end() {
      stopping.abort(new Error("The spec is over."));
      await running.stop();
    },
  };
}
