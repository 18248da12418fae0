import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, openSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "@bookmesh/kube-api";
import { eventually } from "@bookmesh/testkit";
import { stringify } from "yaml";
import { askAds, type AdsCaller } from "./ask-ads.ts";
import type { Resources } from "./resources.ts";

/**
 * istiod's own translation as a program, without a cluster: `-dir` is a directory of YAML, `-mesh` a MeshConfig, `-ads`
 * where it serves ADS in plain text, `-http` where its pages are (empty: nowhere). It prints `ready`.
 */
export const ISTIOD_ORACLE = process.env["ISTIOD_ORACLE"] ?? "";

/** As our own mesh is: calls of unknown hosts pass, and sidecars speak to each other without TLS. */
const MESH_CONFIG = { outboundTrafficPolicy: { mode: "ALLOW_ANY" }, enableAutoMtls: false };
/** Without the filters that only Istio's build of Envoy has. */
const ENVIRONMENT = {
  POD_NAME: "oracle",
  PILOT_ENABLE_METADATA_EXCHANGE: "false",
  PILOT_ENABLE_ALPN_FILTER: "false",
};
const READY_MS = 120_000;
/** Characters of its complaint: a whole configuration may follow. */
const SHOWN = 1_000;

/** Runs istiod's translation of a mesh of these objects as long as it is asked what it sends to whom. */
export async function withIstiod<Answer>(
  objects: readonly KubeObject[],
  work: (ask: (caller: AdsCaller) => Promise<Resources>) => Promise<Answer>,
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "oracle-"));
  const [mesh, log] = [join(folder, "mesh"), join(folder, "log")];
  writeFileSync(join(folder, "objects.yaml"), objects.map((object) => stringify(object)).join("---\n"));
  writeFileSync(mesh, stringify(MESH_CONFIG));
  const address = `127.0.0.1:${await freePort()}`;
  const output = openSync(log, "w");
  const istiod = spawn(ISTIOD_ORACLE, ["-dir", folder, "-mesh", mesh, "-ads", address, "-http", ""], {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", output, output],
  });
  try {
    await Promise.race([eventually(() => expectReady(log), { timeoutMs: READY_MS }), endOf(istiod, log)]);
    return await work((caller) => askAds(address, caller));
  } finally {
    istiod.kill();
    rmSync(folder, { recursive: true });
  }
}

function expectReady(log: string): void {
  if (!/^ready/m.test(readFileSync(log, "utf8"))) throw new Error("istiod's translation is not ready.");
}

/** Fails when the program ends, with what it complains of. */
async function endOf(istiod: ChildProcess, log: string): Promise<never> {
  await once(istiod, "exit");
  const words = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => !/\t(info|debug|warn)\t/.test(line));
  throw new Error(`istiod's translation ended: ${words.join("\n").slice(0, SHOWN)}`);
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
