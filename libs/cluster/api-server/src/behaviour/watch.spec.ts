import { text } from "node:stream/consumers";
import { RESOURCES, type ConfigMap, type WatchEvent } from "@bookmesh/kube-api";
import { isObject } from "@bookmesh/kube-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

let api: TestServer;
beforeAll(async () => void (api = await startTestServer()));
afterAll(() => api.close());

const map = (name: string, labels: Readonly<Record<string, string>> = {}): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name, labels },
});

/** `TYPE name` of each line of a watch that ends at once. */
async function watched(query: string, accept?: string): Promise<readonly string[]> {
  const options = accept === undefined ? {} : { accept };
  const { text } = await api.call(`${MAPS}?watch=true&timeoutSeconds=0&${query}`, options);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => describeLine(JSON.parse(line)));
}

function describeLine(event: unknown): string {
  if (!isObject(event) || !isObject(event["object"])) return "no event";
  const { metadata, message } = event["object"];
  const name = isObject(metadata) ? (metadata["name"] ?? message) : message;
  return `${String(event["type"])} ${String(name)}`;
}

async function versionNow(): Promise<string> {
  return (await api.server.access.list(RESOURCES.configMaps)).metadata.resourceVersion;
}

describe("a watch", () => {
  it("tells what happened since a version, in order", async () => {
    const since = await versionNow();
    const { access } = api.server;
    const made = await access.create(RESOURCES.configMaps, map("told"));
    await access.update(RESOURCES.configMaps, { ...made, data: { a: "b" } });
    await access.delete(RESOURCES.configMaps, { namespace: "default", name: "told" });
    expect(await watched(`resourceVersion=${since}`)).toEqual([
      "ADDED told",
      "MODIFIED told",
      "DELETED told",
    ]);
  });

  it("sees objects come into its selection and leave it", async () => {
    const since = await versionNow();
    const { access } = api.server;
    const first = await access.create(RESOURCES.configMaps, map("passing"));
    const labels = { chosen: "yes" };
    const second = await access.update(RESOURCES.configMaps, {
      ...first,
      metadata: { ...first.metadata, labels },
    });
    await access.update(RESOURCES.configMaps, { ...second, metadata: { ...second.metadata, labels: {} } });
    expect(await watched(`resourceVersion=${since}&labelSelector=chosen`)).toEqual([
      "ADDED passing",
      "DELETED passing",
    ]);
  });

  it("begins with what there is where it names no version", async () => {
    await api.server.access.create(RESOURCES.configMaps, map("present", { begin: "yes" }));
    expect(await watched("labelSelector=begin")).toEqual(["ADDED present"]);
  });

  it("marks the end of the initial events for those who list by watching", async () => {
    const { text } = await api.call(
      `${MAPS}?watch=true&timeoutSeconds=0&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    );
    expect(text).toContain('"k8s.io/initial-events-end":"true"');
  });

  it("continues after a restart from where it was", async () => {
    const since = await versionNow();
    await api.server.access.create(RESOURCES.configMaps, map("before-restart"));
    await api.restart();
    await api.server.access.create(RESOURCES.configMaps, map("after-restart"));
    expect(await watched(`resourceVersion=${since}`)).toEqual([
      "ADDED before-restart",
      "ADDED after-restart",
    ]);
  });

  it("is cut off where its reader falls 16 MiB behind", async () => {
    const path = `${MAPS}?watch=true&resourceVersion=${await versionNow()}`;
    const response = await api.open(path);
    const data = { text: "x".repeat(1024 * 1024) };
    for (let count = 0; count < 40; count += 1)
      await api.server.access.create(RESOURCES.configMaps, { ...map(`large-${count}`), data });
    await expect(text(response)).rejects.toThrow("aborted");
  });

  it("runs while its reader stays, in the process too", async () => {
    const { access } = api.server;
    const events: WatchEvent[] = [];
    const stop = access.follow(RESOURCES.configMaps, (event) => events.push(event));
    const before = events.length;
    await access.create(RESOURCES.configMaps, map("followed"));
    stop();
    await access.create(RESOURCES.configMaps, map("unheard"));
    expect(events.slice(before).map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      "ADDED followed",
    ]);
  });
});
