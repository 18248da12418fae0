import { join } from "node:path";
import { bookmeshOn } from "@bookmesh/stories/bookmesh";
import type { Platform } from "@bookmesh/stories/platform";
import { eventually } from "@bookmesh/testkit";

const SAMPLES = join(import.meta.dirname, "../../../deploy/samples");
const SERVICES = ["rating-service-v1", "rating-service-v2", "book-service"];
const BOOK_PORT = 31_304;

/** The article's application on a platform, and the means to change it. */
export interface LoadWorld {
  readonly baseUrl: string;
  readonly bookmesh: (args: readonly string[]) => Promise<string>;
  /** Applies one of the samples. */
  readonly apply: (sample: string) => Promise<void>;
  /** What version 2 of the rating service has counted in its log. */
  readonly requestsOfVersion2: () => Promise<number>;
  /** Figures that one step keeps for another. */
  readonly notes: Map<string, number>;
}

/** Installs the mesh and the article's services, and takes away what earlier loads may have left. */
export async function deployWorld(platform: Platform): Promise<LoadWorld> {
  const bookmesh = (args: readonly string[]) => bookmeshOn(platform, args);
  const apply = async (sample: string) => {
    await bookmesh(["apply", "-n", "default", "-f", join(SAMPLES, sample)]);
  };
  await bookmesh(["install", "--set", "profile=demo", "-y"]);
  await bookmesh(["label", "namespace", "default", "istio-injection=enabled", "--overwrite"]);
  await apply("article/rating-service");
  await apply("article/book-service");
  for (const name of SERVICES) await bookmesh(["rollout", "status", `deployment/${name}`, "-n", "default"]);
  await withoutRules(bookmesh);
  const baseUrl = `http://${platform.address}:${BOOK_PORT}`;
  await eventually(
    async () => {
      const { status } = await fetch(`${baseUrl}/book/1`);
      if (status !== 200) throw new Error(`The book service answers ${status}.`);
    },
    { timeoutMs: 30_000 },
  );
  return { baseUrl, bookmesh, apply, requestsOfVersion2: () => countRequests(bookmesh), notes: new Map() };
}

/** Deletes the rules of the article. */
export async function withoutRules(bookmesh: LoadWorld["bookmesh"]): Promise<void> {
  await bookmesh([
    ...["delete", "virtualservice/rating", "destinationrule/rating"],
    ...["-n", "default", "--ignore-not-found"],
  ]);
}

async function countRequests(bookmesh: LoadWorld["bookmesh"]): Promise<number> {
  const log = await bookmesh(["logs", "deploy/rating-service-v2", "-c", "rating-service", "-n", "default"]);
  return Number(/Request (\d+)\s*$/.exec(log.trim())?.[1] ?? 0);
}
