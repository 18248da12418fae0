import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import type { MeshEvent } from "@bookmesh/reports";
import { describe, expect, it } from "vitest";
import { createRoot } from "@bookmesh/identity";
import { manualClock } from "@bookmesh/testkit";
import { watchRoot } from "./watch-root.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2030, 0, 1);

async function eventsAfter(days: number): Promise<readonly string[]> {
  const clock = manualClock(START_MS);
  const { certPem } = await createRoot({ commonName: "root", lifetimeMs: 60 * DAY_MS, clock });
  const events: MeshEvent[] = [];
  const stopping = new AbortController();
  const ports = { clock, random: () => 0, log: silentLogger(), signal: stopping.signal };
  const watched = {
    rootPem: certPem,
    namespace: "istio-system",
    record: (event: MeshEvent) => events.push(event),
  };
  watchRoot(watched, ports);
  for (let day = 0; day < days; day += 1) {
    await clock.advance(DAY_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stopping.abort(new Error("The spec is over."));
  return events.map(({ reason, regarding }) => `${reason} ${regarding.kind}/${regarding.metadata.name}`);
}

describe("watching the mesh root", () => {
  it.each([
    { name: "nothing while it is young", days: 29, told: [] },
    { name: "each day that it ends soon", days: 31, told: ["RootExpires", "RootExpires"] },
  ])("tells $name", async ({ days, told }) => {
    expect(await eventsAfter(days)).toEqual(told.map((reason) => `${reason} Secret/istio-ca-secret`));
  });

  it("tells that it has ended", async () => {
    expect((await eventsAfter(61)).at(-1)).toBe("RootExpired Secret/istio-ca-secret");
  });
});
