import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import { eventually } from "@bookmesh/testkit";
import { killProcesses } from "../harness/kill-process.ts";
import { disturbedLoad, type Disturbance, type DisturbedMesh } from "./disturbed-load.ts";

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
    round: async (mesh) => {
      const istiod = { namespace: "istio-system", deployment: "istiod" };
      await restarted(mesh.client, {
        ...{ pod: await freshPod(mesh, istiod), namespace: istiod.namespace },
        ...{ program: "control-plane.mjs", signal: "SIGKILL" },
      });
    },
  },
  {
    name: "sidecars restarted",
    rounds: 20,
    round: async (mesh) => {
      const ledger = { namespace: "default", deployment: "ledger" };
      await restarted(mesh.client, {
        ...{ pod: await freshPod(mesh, ledger), namespace: ledger.namespace },
        ...{ program: "sidecar-proxy.mjs", signal: "SIGTERM" },
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

interface Workload {
  readonly namespace: string;
  /** Also what its pods' label `app` says. */
  readonly deployment: string;
}

/**
 * A pod that has not been hurt yet; where there is none, all of them are replaced. A container that ends a second time
 * is started again after a back-off, and nothing would happen meanwhile.
 */
async function freshPod(mesh: DisturbedMesh, workload: Workload): Promise<string> {
  const fresh = await unhurtPod(mesh, workload);
  if (fresh !== undefined) return fresh;
  const target = [`deployment/${workload.deployment}`, "-n", workload.namespace];
  await mesh.bookmesh(["rollout", "restart", ...target]);
  await mesh.bookmesh(["rollout", "status", ...target]);
  const replaced = await unhurtPod(mesh, workload);
  if (replaced === undefined)
    throw new Error(`Every pod of ${workload.deployment} has restarted on its own.`);
  return replaced;
}

async function unhurtPod(
  { client }: DisturbedMesh,
  { namespace, deployment }: Workload,
): Promise<string | undefined> {
  const options = { namespace, labelSelector: `app=${deployment}` };
  const { items } = await client.list<Pod>(RESOURCES.pods, options);
  const remaining = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return remaining.find((pod) => restartsOf(pod) === 0)?.metadata.name;
}

function restartsOf(pod: Pod | undefined): number {
  const { containerStatuses = [], initContainerStatuses = [] } = pod?.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );
}

interface Restart {
  readonly pod: string;
  readonly namespace: string;
  readonly program: string;
  readonly signal: NodeJS.Signals;
}

/** Ends a program of a pod, and waits until the pod has restarted it and is ready again. */
async function restarted(client: KubeClient, { pod, namespace, program, signal }: Restart): Promise<void> {
  const state = async () => {
    const found = await client.get<Pod>(RESOURCES.pods, { namespace, name: pod });
    const isReady = found?.status?.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    );
    return { restarts: restartsOf(found), isReady };
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
