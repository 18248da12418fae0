import { RESOURCES, type Namespace, type Pod } from "@bookmesh/kube-api";
import { KubeError, kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { bookmeshOn } from "../harness/bookmesh.ts";
import { startPlatform } from "../harness/start-platform.ts";
import type { Proof } from "./proof.ts";
import { quantile } from "./quantile.ts";

/** The middle one of the rounds counts, since a busy machine spoils some. */
const ROUNDS = 5;
const PODS_A_ROUND = 400;
const SHORT_PODS_A_ROUND = 100;
/** Young processes are slow, and a rollout meets an istiod that has run for a while. */
const WARM_UP_PODS = 200;
/** As many at once as a rollout makes in a small cluster. */
const AT_ONCE = 4;
/** What a sidecar may cost a pod's admission, 99 times of 100. */
const PROMISED_P99_MS = 50;
const INJECTED: Namespace = namespaceOf("webhook-proof", { "istio-injection": "enabled" });
const PLAIN: Namespace = namespaceOf("webhook-proof-plain", {});

/** Admits pods with and without a sidecar in turn, by dry runs, so that the machine's own noise meets both alike. */
export const webhookProof: Proof = async ({ short, target }) => {
  const platform = await startPlatform(target);
  const client = kubeClient(loadKubeConfig(platform.kubeconfig));
  try {
    await bookmeshOn(platform, ["install", "--set", "profile=demo", "-y"]);
    for (const namespace of [INJECTED, PLAIN]) await client.create(RESOURCES.namespaces, namespace);
    await admitPods(client, WARM_UP_PODS);
    const rounds: Admissions[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await admitPods(client, short ? SHORT_PODS_A_ROUND : PODS_A_ROUND));
    const costs = rounds.map(({ injected, plain }) => quantile(injected, 0.99) - quantile(plain, 0.99));
    const failures = rounds.reduce((sum, round) => sum + round.failures, 0);
    const all = (kind: "injected" | "plain") => rounds.flatMap((round) => round[kind]);
    return {
      claim: `A sidecar costs the admission of a pod at most ${PROMISED_P99_MS} ms (99 of 100), and none fails`,
      holds: failures === 0 && quantile(costs, 0.5) <= PROMISED_P99_MS,
      figures: [
        ["pods of each kind", all("plain").length],
        ["admissions that failed", failures],
        ["with a sidecar: median, ms", rounded(quantile(all("injected"), 0.5))],
        ["without: median, ms", rounded(quantile(all("plain"), 0.5))],
        ["99 % with a sidecar less 99 % without, ms, by rounds", costs.map(rounded).join(", ")],
      ],
    };
  } finally {
    for (const { metadata } of [INJECTED, PLAIN])
      await client.delete(RESOURCES.namespaces, { name: metadata.name });
    await platform.stop();
  }
};

interface Admissions {
  /** Milliseconds. */
  readonly injected: readonly number[];
  readonly plain: readonly number[];
  readonly failures: number;
}

async function admitPods(client: KubeClient, pods: number): Promise<Admissions> {
  const injected: number[] = [];
  const plain: number[] = [];
  let begun = 0;
  let failures = 0;
  const admit = async (namespace: Namespace, times: number[]) => {
    const startedAtMs = performance.now();
    try {
      await client.create(RESOURCES.pods, podOf(namespace.metadata.name, begun), { dryRun: true });
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      failures += 1;
    }
    times.push(performance.now() - startedAtMs);
  };
  const worker = async () => {
    while (begun < pods) {
      begun += 1;
      await admit(INJECTED, injected);
      await admit(PLAIN, plain);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { injected, plain, failures };
}

function podOf(namespace: string, index: number): Pod {
  const probe = { httpGet: { path: "/", port: 8_080 } };
  const container = { name: "app", image: "app:1", ports: [{ containerPort: 8_080 }], readinessProbe: probe };
  const metadata = { name: `pod-${index}`, namespace, labels: { app: "app" } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [container] } };
}

function namespaceOf(name: string, labels: Readonly<Record<string, string>>): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
