import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigMap, Pod, Volume } from "@bookmesh/kube-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceFiles } from "./atomic-directory.ts";
import { volumeFiles } from "./volume-files.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop", labels: { app: "web", tier: "1" } },
  spec: { containers: [] },
};
const configMap: ConfigMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "conf" },
  data: { a: "1", b: "2" },
  binaryData: { bin: "AAE=" },
};
const sources = {
  pod,
  capacity: { cpus: 1, memoryBytes: 1 },
  configMap: (name: string) => (name === "conf" ? configMap : undefined),
  secret: () => undefined,
};

describe("volumeFiles", () => {
  it.each<{ name: string; volume: Volume; files: Record<string, string> }>([
    {
      name: "a whole ConfigMap",
      volume: { name: "v", configMap: { name: "conf" } },
      files: { a: "1", b: "2", bin: "\0\u0001" },
    },
    {
      name: "the chosen keys",
      volume: { name: "v", configMap: { name: "conf", items: [{ key: "a", path: "deep/a.txt" }] } },
      files: { "deep/a.txt": "1" },
    },
    {
      name: "nothing for an optional one",
      volume: { name: "v", secret: { secretName: "no", optional: true } },
      files: {},
    },
    {
      name: "the pod's labels",
      volume: {
        name: "v",
        downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
      },
      files: { labels: 'app="web"\ntier="1"' },
    },
  ])("holds $name", ({ volume, files }) => {
    const result = volumeFiles(volume, sources);
    const texts =
      result.ok && [...result.value.files].map(([path, content]) => [path, content.toString()] as const);
    expect(Object.fromEntries(texts || [])).toEqual(files);
  });

  it("asks for tokens with at least ten minutes of life", () => {
    const serviceAccountToken = { path: "token", audience: "istio-ca", expirationSeconds: 60 };
    const result = volumeFiles({ name: "v", projected: { sources: [{ serviceAccountToken }] } }, sources);
    expect(result.ok && result.value.tokens).toEqual([
      { path: "token", audiences: ["istio-ca"], expirationSeconds: 600 },
    ]);
  });

  it.each<{ name: string; volume: Volume; error: string }>([
    {
      name: "a missing Secret",
      volume: { name: "v", secret: { secretName: "no" } },
      error: 'secret "no" not found',
    },
    {
      name: "a missing key",
      volume: { name: "v", configMap: { name: "conf", items: [{ key: "x", path: "x" }] } },
      error: 'configmap "conf" has no key "x"',
    },
    {
      name: "a path that leaves the volume",
      volume: { name: "v", configMap: { name: "conf", items: [{ key: "a", path: "../a" }] } },
      error: 'volume "v": path "../a" must not leave the volume',
    },
  ])("refuses $name", ({ volume, error }) => {
    expect(volumeFiles(volume, sources)).toEqual({ ok: false, error });
  });
});

describe("replaceFiles", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-volume-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const files = (content: Record<string, string>) =>
    new Map(Object.entries(content).map(([path, text]) => [path, Buffer.from(text)]));

  it("shows the new files and only those, through the same names", () => {
    replaceFiles(directory, files({ a: "1", "deep/b": "2" }));
    replaceFiles(directory, files({ a: "11", c: "3" }));
    expect(readdirSync(directory).filter((name) => !name.startsWith(".."))).toEqual(["a", "c"]);
    expect(readFileSync(join(directory, "a"), "utf8")).toBe("11");
    expect(readdirSync(directory).filter((name) => name.startsWith(".."))).toHaveLength(2);
  });
});
