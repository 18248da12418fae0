import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { ARTICLE, articleDeployed, control, tryBookmesh, tryControl } from "./harness/mesh.ts";

const BREAKER = join(ARTICLE, "destination-rule-circuit-breaker.yml");
const HOST = "rating.default.svc.cluster.local";
const EMPTY_SUBSETS = ["v1", "v2"].map(
  (version, index) =>
    `spec.subsets[${index}].labels: select no pod of ${HOST}: calls of subset "version-${version}" get 503`,
);

const folder = mkdtempSync(join(tmpdir(), "bookmesh-analysis-"));

function file(name: string, http: string): string {
  const path = join(folder, name);
  const head = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: rating\nspec:\n";
  writeFileSync(path, `${head}  hosts:\n  - rating\n  http:\n${http}`);
  return path;
}

const analyze = (...words: readonly string[]) => tryBookmesh(["analyze", "-n", "default", ...words]);

describe("What is wrong with rules", () => {
  beforeAll(articleDeployed);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await control("delete", "virtualservices,destinationrules", "--all", "-n", "default");
  });

  it("is nothing in the article's shop as it stands", async () => {
    await eventually(async () => {
      const { code, stderr } = await analyze("--output-threshold", "Warning");
      expect([code, stderr]).toEqual([0, expect.stringContaining("No validation issues found")]);
    });
  });

  it("is told at apply: the breaker file as printed selects no pod [B10]", async () => {
    const { code, stderr } = await tryControl(["apply", "-n", "default", "-f", BREAKER]);
    expect(code).toBe(0);
    for (const sentence of EMPTY_SUBSETS) expect(stderr).toContain(`Warning: ${sentence}`);
  });

  it("is told of the cluster, with exit code 79 [B10]", async () => {
    await eventually(async () => {
      const { code, stdout, stderr } = await analyze();
      expect([code, stderr]).toEqual([79, expect.stringContaining("when analyzing namespace: default.")]);
      for (const sentence of EMPTY_SUBSETS)
        expect(stdout).toContain(`Error [IST0173] (DestinationRule default/rating) ${sentence}`);
    });
  });

  it.each([
    {
      name: "a missing host",
      http: "  - route:\n    - destination:\n        host: ratings\n",
      finding: "IST0101",
      place: "11) spec.http[0].route[0].destination.host: names ratings.default.svc.cluster.local",
    },
    {
      name: "a missing subset",
      http: "  - route:\n    - destination:\n        host: rating\n        subset: v9\n",
      finding: "IST0101",
      place: '12) spec.http[0].route[0].destination.subset: "v9" is in no DestinationRule',
    },
    {
      name: "weights that do not add up to 100",
      http: "  - route:\n    - { destination: { host: rating, subset: version-v1 }, weight: 1 }\n    - { destination: { host: rating, subset: version-v2 }, weight: 2 }\n",
      finding: "IST0133",
      place: "9) spec.http[0].route: weights add up to 3, not 100",
    },
    {
      name: "a route that is never reached",
      http: "  - route:\n    - destination: { host: rating }\n  - route:\n    - destination: { host: rating }\n",
      finding: "IST0130",
      place: "11) spec.http[1]: is never reached",
    },
    {
      name: "an unknown field",
      http: "  - timeuot: 5s\n    route:\n    - destination: { host: rating }\n",
      finding: "IST0106",
      place: "9) spec.http[0].timeuot: is an unknown field",
    },
  ])("is named by file and line before it is applied: $name [B10]", async ({ http, finding, place }) => {
    const path = file("rating.yml", http);
    const { code, stdout } = await analyze(path, "--failure-threshold", "Warning");
    expect(code).toBe(79);
    expect(stdout).toContain(`[${finding}] (VirtualService default/rating ${path}:${place}`);
  });

  it("is shown by a simulation: calls of the breaker's subsets reach nobody", async () => {
    const rule = join(ARTICLE, "virtual-service-v1.yml");
    const { stdout } = await tryBookmesh([
      ...["simulate", "-n", "default", rule, "--request", "GET http://rating:8080/rate/1"],
    ]);
    expect(stdout).toContain(`Cluster outbound|8080|version-v1|${HOST} has no hosts: 503 (flag UH).`);
  });
});
