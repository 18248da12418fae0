import { setFlagsFromString } from "node:v8";
import { routerTranslator } from "@bookmesh/gateways";
import { inClusterConfig, kubeClient } from "@bookmesh/kube-client";
import { jsonLogger, stopOnSignals, systemClock } from "@bookmesh/node-host";
import { startDiscovery } from "@bookmesh/serve";
import { meshTranslator } from "@bookmesh/translate";
import { controlPlaneEnv } from "./control-plane-env.ts";

/**
 * A control plane that rests most of the time is given little room by V8: each push to many proxies would then search
 * all that is kept for what is not. With this the heap doubles first, as Go's does.
 */
const GROWTH_OF_HEAP = "--heap-growing-percent=100";

/** Runs the control plane until a signal ends it, and serves on until nobody is sent here; returns the exit code. */
export async function discover(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<number> {
  const log = jsonLogger("istiod");
  const { requested } = stopOnSignals();
  const working = new AbortController();
  const { identity, addresses, drainMs } = controlPlaneEnv(env);
  const plaintextXds = optionValue(args, "--plaintext-xds");
  const translator = meshTranslator(routerTranslator());
  const starting = startDiscovery({
    identity,
    addresses: { ...addresses, ...(plaintextXds !== undefined && { plaintextXds }) },
    client: kubeClient(inClusterConfig(env)),
    clock: systemClock,
    random: Math.random,
    log,
    drainMs,
    signal: working.signal,
    translate: (snapshot, view) => translator.translate(snapshot, view),
  });
  // A signal may come while the API server is still waited for.
  const running = await Promise.race([starting, requested]);
  if (running) {
    setFlagsFromString(GROWTH_OF_HEAP);
    log.info({ ...running }, "The control plane is ready.");
    await requested;
    log.info({ drainMs }, "The control plane was told to end, and drains.");
    await running.stop();
  }
  working.abort(new Error("The control plane ends."));
  log.info("The control plane has stopped.");
  // A start that was interrupted leaves its ports open: the process does not wait for them.
  setImmediate(() => process.exit(0));
  return 0;
}

function optionValue(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
