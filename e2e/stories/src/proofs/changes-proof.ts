import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import { eventually } from "@bookmesh/testkit";
import { killProcesses } from "../harness/kill-process.ts";
import { disturbedLoad, type Disturbance } from "./disturbed-load.ts";

const PERCENT = 100;
/** Weights walk through all of 0 to 100 in steps that look like chance. */
const WEIGHT_STEP = 37;
const READY_TIMEOUT_MS = 60_000;

const CHANGES: readonly Disturbance[] = [
  {
    name: "rolling updates",
    rounds: 20,
    round: async ({ bookmesh }, number) => {
      const name = number % 2 === 0 ? "ledger" : "front";
      await bookmesh(["rollout", "restart", `deployment/${name}`]);
      await bookmesh(["rollout", "status", `deployment/${name}`]);
    },
  },
  {
    name: "weight changes",
    rounds: 50,
    round: async ({ bookmesh }, number) => {
      await bookmesh(["apply", "-f", "-"], weights((number * WEIGHT_STEP) % (PERCENT + 1)));
    },
  },
  {
    name: "the control plane killed",
    rounds: 10,
    round: async ({ client }) => {
      const [istiod = ""] = await podsOf(client, "app=istiod", "istio-system");
      await restarted(client, { pod: istiod, namespace: "istio-system", program: "control-plane.mjs" });
    },
  },
  {
    name: "sidecars restarted",
    rounds: 20,
    round: async ({ client }, number) => {
      const ledgers = await podsOf(client, "app=ledger", "default");
      const pod = ledgers[number % ledgers.length] ?? "";
      await restarted(client, {
        ...{ pod, namespace: "default", program: "sidecar-proxy.mjs" },
        signal: "SIGTERM",
      });
    },
  },
];

/** Updates, re-weighs, kills and restarts under load. */
export const changesProof = disturbedLoad("Whatever changes under load, no request is lost", CHANGES);

/** Two subsets with the same pods: whatever the weights, every ledger is asked. */
function weights(first: number): string {
  const to = (subset: string, weight: number) => ({ destination: { host: "ledger", subset }, weight });
  const rule = (kind: string, spec: object) => ({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "ledger", namespace: "default" },
    spec,
  });
  return [
    rule("DestinationRule", {
      host: "ledger",
      subsets: ["one", "two"].map((name) => ({ name, labels: { app: "ledger" } })),
    }),
    rule("VirtualService", {
      hosts: ["ledger"],
      http: [{ route: [to("one", first), to("two", PERCENT - first)] }],
    }),
  ]
    .map((object) => JSON.stringify(object))
    .join("\n---\n");
}

/** The pods that a selector selects and that are not ending. */
async function podsOf(
  client: KubeClient,
  labelSelector: string,
  namespace: string,
): Promise<readonly string[]> {
  const { items } = await client.list<Pod>(RESOURCES.pods, { namespace, labelSelector });
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}

interface Restart {
  readonly pod: string;
  readonly namespace: string;
  readonly program: string;
  /** Default SIGKILL. */
  readonly signal?: NodeJS.Signals;
}

/** Ends a program of a pod, and waits until the pod has restarted it and is ready again. */
async function restarted(
  client: KubeClient,
  { pod, namespace, program, signal = "SIGKILL" }: Restart,
): Promise<void> {
  const state = async () => {
    const found = await client.get<Pod>(RESOURCES.pods, { namespace, name: pod });
    const containers = found?.status?.containerStatuses ?? [];
    return {
      restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
      isReady: containers.every(({ ready }) => ready),
    };
  };
  const before = await state();
  if (killProcesses(pod, program, signal) === 0)
    throw new Error(`No ${program} of pod ${pod} runs on this machine: only its own cluster can be hurt so.`);
  await eventually(
    async () => {
      const after = await state();
      if (after.restarts <= before.restarts || !after.isReady) throw new Error(`${pod} is not back.`);
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: 250 },
  );
}
