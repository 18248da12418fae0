import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ARTICLE, articleDeployed, control, podsReady, ratings, TARGET, tryControl } from "./harness/mesh.ts";

const READER = join(import.meta.dirname, "manifests/reader.yml");
/** Longer than a sidecar's and istiod's patience with a connection on which nothing comes. */
const ABSENCE_MS = 8_000;

describe("The API server comes and goes", () => {
  beforeAll(async () => {
    await articleDeployed();
    await control("apply", "-f", READER);
    await podsReady("app=reader", 1);
    await eventually(async () => expect(await readings()).not.toEqual([]));
  });
  afterAll(async () => {
    await tryControl(["delete", "-f", READER]);
    await tryControl(["delete", "virtualservices,destinationrules", "--all", "-n", "default"]);
  });

  it("loses no call between services while it is away", async ({ skip }) => {
    if (TARGET !== "laptop") skip("The API server of a cluster that is not ours is not stopped.");
    const { pid } = JSON.parse(readFileSync(join(inject("platform").home, "cluster.json"), "utf8")) as {
      readonly pid: number;
    };
    const goneAtMs = Date.now();
    process.kill(pid, "SIGSTOP");
    await sleep(ABSENCE_MS); // an absence is a time
    process.kill(pid, "SIGCONT");
    const backAtMs = Date.now();
    const meanwhile = async () =>
      (await readings()).filter(({ atMs }) => atMs > goneAtMs && atMs < backAtMs).map(({ saw }) => saw);
    await eventually(async () => expect((await meanwhile()).length).toBeGreaterThan(10));
    expect(new Set(await meanwhile())).toEqual(new Set(["200"]));
  });

  it("takes changes again as soon as it is back, and istiod hands them on", async ({ skip }) => {
    if (TARGET !== "laptop") skip("The API server of a cluster that is not ours is not stopped.");
    await control("apply", "-f", join(ARTICLE, "destination-rule-v1-v2.yml"));
    await control("apply", "-f", join(ARTICLE, "virtual-service-v1.yml"));
    await eventually(async () => expect(new Set(await ratings(6))).toEqual(new Set([1])), {
      timeoutMs: 30_000,
    });
  });
});

/** When the reader has asked, and the status that it got, or the sentence of its failure. */
async function readings(): Promise<readonly { readonly atMs: number; readonly saw: string }[]> {
  const lines = (await control("logs", "reader", "-c", "app")).trim().split("\n");
  return lines.map((line) => {
    const [atMs = "", ...words] = line.split(" ");
    return { atMs: Number(atMs), saw: words.join(" ") };
  });
}
