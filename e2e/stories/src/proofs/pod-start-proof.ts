import { setTimeout as delay } from "node:timers/promises";
import { RESOURCES, type Namespace, type Pod } from "@bookmesh/kube-api";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { bookmeshOn } from "../harness/bookmesh.ts";
import { startPlatform } from "../harness/start-platform.ts";
import type { Proof } from "./proof.ts";
import { quantile } from "./quantile.ts";

const ROUNDS = 20;
const SHORT_ROUNDS = 5;
/** How much later than without the mesh a pod may be ready, in the middle of all rounds. */
const PROMISED_MS = 1_500;
/** A pod that takes longer never gets ready. */
const GIVE_UP_MS = 60_000;
const KUBELET_LOOKS_EVERY_MS = 1_000;

/** The same pod without a sidecar, and with one of either kind. */
const VARIANTS = ["plain", "classic", "native"] as const;
type Variant = (typeof VARIANTS)[number];
type Times = Readonly<Record<Variant, number>>;

const PLAIN = "pod-start-plain";
const INJECTED = "pod-start";
const NAMESPACES: readonly Namespace[] = [
  namespaceOf(PLAIN, {}),
  namespaceOf(INJECTED, { "istio-injection": "enabled" }),
];

/**
 * Starts one pod after the other, of each variant in turn, so that the machine's own noise meets all alike.
 *
 * Nothing is promised of native sidecars: a kubelet sees at one of its looks that `istio-init` has ended, and only at the
 * next that the sidecar runs.
 */
export const podStartProof: Proof = async ({ short, target }) => {
  const platform = await startPlatform(target);
  const client = kubeClient(loadKubeConfig(platform.kubeconfig));
  try {
    await bookmeshOn(platform, ["install", "--set", "profile=demo", "-y"]);
    for (const namespace of NAMESPACES) await client.create(RESOURCES.namespaces, namespace);
    await startEach(client, "warm-up");
    const rounds: Times[] = [];
    for (let round = 0; round < (short ? SHORT_ROUNDS : ROUNDS); round += 1)
      rounds.push(await startEach(client, String(round)));
    const later = (variant: Variant) =>
      quantile(
        rounds.map((times) => times[variant] - times.plain),
        0.5,
      );
    return {
      claim: `A pod with a classic sidecar is ready at most ${PROMISED_MS} ms later than the same pod without`,
      holds: later("classic") <= PROMISED_MS,
      figures: [
        ["pods of each kind", rounds.length],
        ...VARIANTS.map((variant) => figureOf(variant, rounds)),
        ["later with a classic sidecar: median, ms", later("classic")],
        ["later with a native sidecar: median, ms", later("native")],
      ],
    };
  } finally {
    for (const { metadata } of NAMESPACES) await client.delete(RESOURCES.namespaces, { name: metadata.name });
    await platform.stop();
  }
};

function figureOf(variant: Variant, rounds: readonly Times[]): readonly [string, string] {
  const times = rounds.map((round) => round[variant]);
  const [low, middle, high] = [0, 0.5, 1].map((fraction) => quantile(times, fraction));
  return [`created to ready, ${variant}: median (shortest–longest), ms`, `${middle} (${low}–${high})`];
}

async function startEach(client: KubeClient, round: string): Promise<Times> {
  const plain = await startPod(client, podOf(`plain-${round}`, PLAIN, {}));
  const injected = (variant: Variant) => {
    const annotations = { "sidecar.istio.io/nativeSidecar": String(variant === "native") };
    return startPod(client, podOf(`${variant}-${round}`, INJECTED, annotations));
  };
  return { plain, classic: await injected("classic"), native: await injected("native") };
}

/** Milliseconds from the request to create a pod to the event that says it is ready; then it is gone. */
async function startPod(client: KubeClient, pod: Pod): Promise<number> {
  const { namespace = "", name } = pod.metadata;
  // A kubelet looks once a second: each pod comes at another moment between two looks.
  await delay(Math.random() * KUBELET_LOOKS_EVERY_MS);
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const { metadata } = await client.list<Pod>(RESOURCES.pods, { namespace });
  const narrowed = { namespace, fieldSelector: `metadata.name=${name}` };
  const events = client.watch<Pod>(RESOURCES.pods, {
    ...narrowed,
    resourceVersion: metadata.resourceVersion,
    signal,
  });
  const startedAtMs = performance.now();
  await client.create(RESOURCES.pods, pod);
  let readyAfterMs = Number.NaN;
  for await (const { type, object } of events) {
    if (type === "DELETED") break;
    if (Number.isNaN(readyAfterMs) && isReady(object)) {
      readyAfterMs = Math.round(performance.now() - startedAtMs);
      await client.delete(RESOURCES.pods, { namespace, name }, { gracePeriodSeconds: 1 });
    }
  }
  return readyAfterMs;
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

/** The article's rating service. */
function podOf(name: string, namespace: string, annotations: Readonly<Record<string, string>>): Pod {
  const container = {
    name: "rating-service",
    image: "bookmesh/rating-service:v1.0.0",
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: 8_080 }],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, annotations },
    spec: { containers: [container] },
  };
}

function namespaceOf(name: string, labels: Readonly<Record<string, string>>): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}
