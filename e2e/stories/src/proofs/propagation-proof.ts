import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RESOURCES } from "@bookmesh/kube-api";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { bookmeshOn } from "../harness/bookmesh.ts";
import { ROOT, type Platform } from "../harness/platform.ts";
import { startPlatform } from "../harness/start-platform.ts";
import type { Proof } from "./proof.ts";
import { quantile } from "./quantile.ts";

const CHANGES = 200;
const SHORT_CHANGES = 30;
/** The promise: 99 of 100 changes are in force within a second. */
const PROMISED_P99_MS = 1_000;
const POLL_MS = 2;
const GIVE_UP_MS = 30_000;

/** Flips all traffic between both versions again and again: from the write of the rule to the first call that obeys it. */
export const propagationProof: Proof = async ({ short, target }) => {
  const platform = await startPlatform(target);
  try {
    await deployArticle(platform);
    const client = kubeClient(loadKubeConfig(platform.kubeconfig));
    const times = await flip(client, platform.address, short ? SHORT_CHANGES : CHANGES);
    const p99 = quantile(times, 0.99);
    return {
      claim: "With 3 sidecars a rule is in force at most 1 s (99 of 100) after it was applied",
      holds: p99 <= PROMISED_P99_MS,
      figures: [
        ["changes", times.length],
        ["median, ms", quantile(times, 0.5)],
        ["99 %, ms", p99],
        ["longest, ms", quantile(times, 1)],
      ],
    };
  } finally {
    await platform.stop();
  }
};

async function deployArticle(platform: Platform): Promise<void> {
  const article = join(ROOT, "deploy/samples/article");
  await bookmeshOn(platform, ["install", "--set", "profile=demo", "-y"]);
  await bookmeshOn(platform, ["label", "namespace", "default", "istio-injection=enabled"]);
  for (const path of ["rating-service", "book-service", "destination-rule-v1-v2.yml"])
    await bookmeshOn(platform, ["apply", "-f", join(article, path)]);
}

/** The time of each change, in milliseconds, in their order. */
async function flip(client: KubeClient, address: string, changes: number): Promise<readonly number[]> {
  await routeAllTo(client, "version-v2");
  await untilSteady(address);
  const times: number[] = [];
  for (let index = 0; index < changes; index += 1) {
    const version = index % 2 === 0 ? "version-v1" : "version-v2";
    const startedAtMs = performance.now();
    await routeAllTo(client, version);
    await untilRating(
      address,
      (rating) => rating !== undefined && (rating === 1) === (version === "version-v1"),
    );
    times.push(Math.round(performance.now() - startedAtMs));
    // A rule that holds for one call must hold for all that follow.
    for (let call = 0; call < 4; call += 1) {
      const rating = await ratingOfBook1(address);
      if ((rating === 1) !== (version === "version-v1"))
        throw new Error(`Change ${index} was taken back by call ${call}.`);
    }
  }
  return times;
}

async function routeAllTo(client: KubeClient, subset: string): Promise<void> {
  const rule = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "rating", namespace: "default" },
    spec: { hosts: ["rating"], http: [{ route: [{ destination: { host: "rating", subset } }] }] },
  };
  const key = { namespace: "default", name: "rating" };
  await client.patch(
    RESOURCES.virtualServices,
    key,
    { type: "apply", body: rule },
    { fieldManager: "proof", force: true },
  );
}

async function untilRating(address: string, obeys: (rating: number | undefined) => boolean): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (!obeys(await ratingOfBook1(address))) {
    if (performance.now() > deadline) throw new Error(`No call obeyed the rule within ${GIVE_UP_MS} ms.`);
    await delay(POLL_MS);
  }
}

/** Without a rule both versions answer in turn; this waits until version 2 alone has answered for a while. */
async function untilSteady(address: string): Promise<void> {
  let inARow = 0;
  await untilRating(address, (rating) => {
    inARow = rating === undefined || rating === 1 ? 0 : inARow + 1;
    return inARow > 5;
  });
}

/** `undefined` where there is no rating to be had. */
function ratingOfBook1(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get({ host: address, port: 31_304, path: "/book/1", agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => {
        const rating = /"rating":(\d+)/.exec(body)?.[1];
        resolve(rating === undefined ? undefined : Number(rating));
      });
    }).on("error", () => resolve(undefined));
  });
}
