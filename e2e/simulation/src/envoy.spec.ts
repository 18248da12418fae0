import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasProgram } from "@bookmesh/testkit";
import { meshTranslator } from "@bookmesh/translate";
import { article, RATING } from "./book-shop.ts";
import { EVERY_PROTOCOL } from "./every-protocol.ts";
import { envoyBootstrap } from "./envoy-bootstrap.ts";
import { readObjects } from "./read-objects.ts";
import { worldOf } from "./world.ts";

const ENVOY_MS = 60_000;
const RULES = article("destination-rule-v1-v2.yml", "virtual-service-v1-v2-75-25.yml");
const WORLD = worldOf(readObjects([RATING, RULES, EVERY_PROTOCOL].join("\n---\n")), {
  accessLogFile: "/dev/null",
});
const VIEW = {
  namespace: "default",
  labels: { app: "every-protocol", "app.kubernetes.io/name": "rating-service" },
  podIp: "10.244.0.9",
  applicationAddress: "127.0.0.1",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "envoy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(hasProgram("envoy"))("a stock Envoy", { timeout: ENVOY_MS }, () => {
  it.each([
    { pod: "whose application calls a proxy", wildcards: [] },
    { pod: "with IPv4", wildcards: ["0.0.0.0"] },
    { pod: "with IPv6", wildcards: ["::"] },
    { pod: "with both", wildcards: ["0.0.0.0", "::"] },
  ])("takes all that a pod $pod is sent", async ({ wildcards }) => {
    const file = join(folder, `bootstrap-${wildcards.length}.json`);
    const resources = meshTranslator().translate(WORLD, { ...VIEW, wildcards });
    writeFileSync(file, JSON.stringify(envoyBootstrap(resources)));
    expect(await validate(file)).toContain(`configuration '${file}' OK`);
  });
});

function validate(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile("envoy", ["--mode", "validate", "-c", file], (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}
