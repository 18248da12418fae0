import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openObjectStore } from "./object-store.ts";

const directory = mkdtempSync(join(tmpdir(), "bookmesh-store-"));
const MAPS = RESOURCES.configMaps;
let file = "";
let files = 0;

beforeEach(() => {
  files += 1;
  file = join(directory, `${files}.db`);
});
afterAll(() => rmSync(directory, { recursive: true }));

const map = (name: string, value: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name },
  data: { value },
});

describe("the object store", () => {
  it("counts one version for the whole store", () => {
    const store = openObjectStore(file);
    const first = store.put(MAPS, map("a", "1"));
    const other = store.put(RESOURCES.secrets, map("s", "1"));
    const second = store.put(MAPS, map("a", "2"), first);
    expect([first, other, second].map(({ metadata }) => metadata.resourceVersion)).toEqual(["1", "2", "3"]);
    store.close();
  });

  it("shows a list as it was at an earlier version", () => {
    const store = openObjectStore(file);
    const first = store.put(MAPS, map("a", "1"));
    const second = store.put(MAPS, map("a", "2"), first);
    store.put(MAPS, map("b", "1"));
    store.remove(MAPS, second, second);
    expect(store.listAt(MAPS, 1)).toEqual([first]);
    expect(store.listAt(MAPS, 2)).toEqual([second]);
    expect(store.list(MAPS).map(({ metadata }) => metadata.name)).toEqual(["b"]);
    store.close();
  });

  it("forgets the oldest events, and says from where a watch can start", () => {
    const store = openObjectStore(file);
    let last: KubeObject | undefined;
    for (let count = 0; count < 10_600; count += 1) last = store.put(MAPS, map("a", String(count)), last);
    expect(store.eventsAfter(1)).toBeUndefined();
    expect(store.eventsAfter(store.oldestVersion())?.length).toBe(10_600 - store.oldestVersion());
    store.close();
  });

  it("finds objects and events again", () => {
    const store = openObjectStore(file);
    const first = store.put(MAPS, map("a", "1"));
    const second = store.put(MAPS, map("a", "2"), first);
    store.close();
    const again = openObjectStore(file);
    expect(again.get(MAPS, { namespace: "default", name: "a" })).toEqual(second);
    expect(again.eventsAfter(1)).toMatchObject([
      { version: 2, type: "MODIFIED", object: second, previous: first },
    ]);
    again.close();
  });

  it("loses nothing that was acknowledged when its process is killed", async () => {
    const program = `
      import { openObjectStore } from ${JSON.stringify(new URL("object-store.ts", import.meta.url).href)};
      const store = openObjectStore(${JSON.stringify(file)});
      const metadata = (name) => ({ namespace: "default", name });
      for (let count = 0; ; count += 1) {
        store.put({ group: "", plural: "configmaps" }, { apiVersion: "v1", kind: "ConfigMap", metadata: metadata("m" + count) });
        process.stdout.write(count + "\\n");
        await new Promise((resolve) => setImmediate(resolve));
      }`;
    const writer = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    let acknowledged = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 200) writer.kill("SIGKILL");
    }
    const store = openObjectStore(file);
    expect(store.list(MAPS).length).toBeGreaterThan(acknowledged);
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    store.close();
  });
});
