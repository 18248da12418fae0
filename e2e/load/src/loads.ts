import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadWorld } from "./load-world.ts";

/** A k6 script, and what happens to the mesh before, during and after it. */
export interface Load {
  /** One sentence for the summary. */
  readonly story: string;
  readonly prepare: (world: LoadWorld) => Promise<void>;
  readonly during: (world: LoadWorld) => Promise<void>;
  /** Further figures, once the load is over. */
  readonly figures: (world: LoadWorld) => Promise<readonly (readonly [name: string, value: number])[]>;
}

/** Readers see each state of the canary for so long. */
const STEP_MS = 4_000;
const RATING_V2 = "rating-service-v2";

const nothing: Load["during"] = () => Promise.resolve();
const noFigures: Load["figures"] = () => Promise.resolve([]);

/** All loads, by the name of their script. */
export const LOADS: Readonly<Record<string, Load>> = {
  canary: {
    story: "Traffic shifts from version 1 to version 2, in steps and at once.",
    prepare: ({ apply }) => apply("article/destination-rule-v1-v2.yml"),
    during: async ({ apply, bookmesh }) => {
      for (const step of ["virtual-service-v1", "virtual-service-v1-v2-75-25", "virtual-service-v2"]) {
        await apply(`article/${step}.yml`);
        await sleep(STEP_MS);
      }
      await bookmesh(["delete", "virtualservice", "rating", "-n", "default"]);
    },
    figures: noFigures,
  },
  storm: {
    story: "Version 2 fails; retries and the breaker are in place.",
    prepare: async ({ apply, bookmesh, requestsOfVersion2, notes }) => {
      await apply("article/virtual-service-retry.yml");
      await apply("article/destination-rule-circuit-breaker.yml");
      await tell(bookmesh, "misbehave");
      notes.set("before", await requestsOfVersion2());
    },
    during: nothing,
    figures: async ({ bookmesh, requestsOfVersion2, notes }) => {
      const grown = (await requestsOfVersion2()) - (notes.get("before") ?? 0);
      await tell(bookmesh, "behave");
      return [["requests that reached the failing version", grown]];
    },
  },
  update: {
    story: "Both services are updated, one deployment after the other.",
    prepare: nothing,
    during: async ({ bookmesh }) => {
      for (const name of ["rating-service-v1", RATING_V2, "book-service"]) {
        await bookmesh(["rollout", "restart", `deployment/${name}`, "-n", "default"]);
        await bookmesh(["rollout", "status", `deployment/${name}`, "-n", "default"]);
      }
    },
    figures: noFigures,
  },
};

async function tell(bookmesh: LoadWorld["bookmesh"], word: "misbehave" | "behave"): Promise<void> {
  const command = ["--", "curl", "-s", `localhost:8080/rate/${word}`];
  await bookmesh(["exec", `deploy/${RATING_V2}`, "-c", "rating-service", "-n", "default", ...command]);
}

/** The text of a script's first line of comment. */
export function purposeOf(script: string): string {
  const source = readFileSync(join(import.meta.dirname, "scripts", `${script}.ts`), "utf8");
  return /^\/\/ (.*)$/m.exec(source)?.[1] ?? "";
}
