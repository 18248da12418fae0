import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { validateMeshResource } from "@bookmesh/mesh-api";
import { decodeCluster, decodeRouteConfiguration } from "@bookmesh/proxy-config";
import { envoyBootstrap } from "@bookmesh/simulation-tests/envoy-bootstrap";
import { hasProgram, propertyRuns, seededRandom } from "@bookmesh/testkit";
import { meshTranslator } from "@bookmesh/translate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookmeshTranslation } from "./bookmesh.ts";
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

describe("whatever an author writes within what this version honours", { timeout: PROOF_MS }, () => {
  it("is taken by the sidecar", () => {
    const { clusters, routes } = bookmeshTranslation(MESH, CALLER);
    const random = seededRandom(1);
    const results = [
      ...clusters.map(decodeCluster),
      ...routes.map((route) => decodeRouteConfiguration(route, random)),
    ];
    expect(results.flatMap((result) => (result.ok ? [] : result.error)).slice(0, 3)).toEqual([]);
  });

  it.runIf(hasProgram("envoy"))("is taken by a stock Envoy", async () => {
    const file = join(folder, "bootstrap.json");
    writeFileSync(file, JSON.stringify(envoyBootstrap(meshTranslator().translate(MESH, CALLER))));
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
