import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { validateMeshResource } from "@bookmesh/mesh-api";
import { routerTranslator } from "@bookmesh/gateways";
import { decodeCluster, decodeRouteConfiguration } from "@bookmesh/proxy-config";
import { envoyBootstrap } from "@bookmesh/simulation-tests/envoy-bootstrap";
import { hasProgram, propertyRuns, seededRandom } from "@bookmesh/testkit";
import { meshTranslator } from "@bookmesh/translate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookmeshTranslation } from "./bookmesh.ts";
import { ROUTER } from "./edge.ts";
import { CALLER, placedCase, snapshotOf } from "./placed-case.ts";
import { anyRules } from "./random-rules.ts";

const RUNS = propertyRuns(200);
const MESH = snapshotOf(
  fc
    .sample(anyRules, { ...RUNS, numRuns: Math.min(RUNS.numRuns, 1_000) })
    .map((rules, index) => ({
      name: `random rules ${index}`,
      rules: rules.filter((rule) => validateMeshResource(rule).errors.length === 0),
    }))
    .map(placedCase),
);
const PROOF_MS = 600_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "envoy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PROXIES = [
  { proxy: "sidecar", view: CALLER },
  { proxy: "gateway", view: ROUTER },
];

describe.each(PROXIES)("whatever an author writes for a $proxy", { timeout: PROOF_MS }, ({ proxy, view }) => {
  it("is taken by ours", () => {
    const { clusters, routes } = bookmeshTranslation(MESH, view);
    const random = seededRandom(1);
    const results = [
      ...clusters.map(decodeCluster),
      ...routes.map((route) => decodeRouteConfiguration(route, random)),
    ];
    expect(results.flatMap((result) => (result.ok ? [] : result.error)).slice(0, 3)).toEqual([]);
  });

  it.runIf(hasProgram("envoy"))("is taken by a stock Envoy", async () => {
    const file = join(folder, `${proxy}.json`);
    const resources = meshTranslator(routerTranslator()).translate(MESH, view);
    writeFileSync(file, JSON.stringify(envoyBootstrap(resources)));
    expect(await validate(file)).toContain(`configuration '${file}' OK`);
  });
});

function validate(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      "envoy",
      ["--mode", "validate", "--log-level", "error", "-c", file],
      (_error, stdout, stderr) => {
        resolve((stdout + stderr).slice(-2_000));
      },
    );
  });
}
