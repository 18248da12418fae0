import type { KubeObject } from "@bookmesh/kube-api";
import { CONTROLLERS } from "./caller.ts";
import { openObjectStore } from "./store/object-store.ts";
import { systemClock } from "@bookmesh/node-host";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { makeCatalog } from "./catalog.ts";
import { modifyObject } from "./modify.ts";
import { patchObject } from "./patch.ts";
import type { Registry } from "./registry.ts";
import type { RequestContext } from "./request-context.ts";
import { servedKinds } from "./served-kinds.ts";

const CATALOG = makeCatalog(servedKinds());
const MAPS = CATALOG.find("", "v1", "configmaps") ?? expect.fail();
const KEY = { namespace: "default", name: "shared" };
const CONTEXT: RequestContext = {
  caller: CONTROLLERS,
  dryRun: false,
  fieldManager: "test",
  fieldValidation: "Strict",
  force: false,
  warn: () => undefined,
};

const store = openObjectStore(":memory:");
/** How often somebody else writes while admission is asked. */
let rivalWrites = 0;
const registry: Registry = {
  store,
  catalog: CATALOG,
  clock: systemClock,
  random: () => 0,
  strategies: new Map(),
  admission: {
    mutate({ object }) {
      if (rivalWrites > 0) writeRival();
      return Promise.resolve(object);
    },
    validate: () => Promise.resolve(),
  },
};

function writeRival(): void {
  rivalWrites -= 1;
  const current = newest();
  store.put(MAPS, { ...current, data: { rival: `${rivalWrites} to come` } }, current);
}

function newest(): KubeObject {
  return store.get(MAPS, KEY) ?? expect.fail();
}

beforeEach(() => {
  const old = store.get(MAPS, KEY);
  if (old) store.remove(MAPS, old, old);
  store.put(MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: KEY, data: { rival: "none" } });
});
afterAll(() => store.close());

const patched = (contentType: string, body: unknown) =>
  patchObject(registry, {
    kind: MAPS,
    key: KEY,
    patch: { contentType, text: JSON.stringify(body) },
    context: CONTEXT,
  });

describe("a patch that others write into", () => {
  it.each([
    { name: "a merge patch", type: "merge-patch+json", body: { data: { mine: "yes" } } },
    { name: "a strategic merge patch", type: "strategic-merge-patch+json", body: { data: { mine: "yes" } } },
    {
      name: "a JSON patch",
      type: "json-patch+json",
      body: [{ op: "add", path: "/data/mine", value: "yes" }],
    },
  ])("is made anew from the newest state: $name", async ({ type, body }) => {
    rivalWrites = 6;
    await patched(`application/${type}`, body);
    expect(newest()["data"]).toEqual({ rival: "0 to come", mine: "yes" });
  });

  it("is refused where it names the version that it was written for", async () => {
    rivalWrites = 1;
    const { resourceVersion } = newest().metadata;
    const body = { metadata: { resourceVersion }, data: { mine: "yes" } };
    await expect(patched("application/merge-patch+json", body)).rejects.toThrow(
      'Operation cannot be fulfilled on configmaps "shared": the object has been modified',
    );
    expect(newest()["data"]).toEqual({ rival: "0 to come" });
  });
});

describe("a replacement that others write into", () => {
  it.each([
    { name: "is refused where it names a version", isVersioned: true },
    { name: "wins where it names none", isVersioned: false },
  ])("$name", async ({ isVersioned }) => {
    rivalWrites = 2;
    const { resourceVersion } = newest().metadata;
    const metadata = { ...KEY, ...(isVersioned && resourceVersion !== undefined && { resourceVersion }) };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { mine: "yes" } };
    const change = () => object;
    const written = modifyObject(registry, { kind: MAPS, key: KEY, context: CONTEXT, change });
    if (isVersioned) await expect(written).rejects.toThrow("the object has been modified");
    else expect((await written)["data"]).toEqual({ mine: "yes" });
    rivalWrites = 0;
  });
});
