import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { RESOURCES } from "@bookmesh/kube-api";
import { kubeClient } from "./http-kube-client.ts";
import { fakeApiServer, sendJson, type Answers, type FakeApiServer } from "./testing/fake-api-server.ts";

const opened: FakeApiServer[] = [];

async function serve(http: Answers["http"] & object): Promise<FakeApiServer> {
  const server = await fakeApiServer({ http });
  opened.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

const POD = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "n" } } as const;

describe("kubeClient", () => {
  it("reads an object at its path", async () => {
    const { config } = await serve((request, response) =>
      sendJson(response, 200, { ...POD, path: request.url }),
    );
    const pod = await kubeClient(config).get(RESOURCES.pods, { namespace: "n", name: "a" });
    expect(pod).toMatchObject({ path: "/api/v1/namespaces/n/pods/a" });
  });

  it.each([
    { name: "an object that does not exist", details: { name: "a" }, expected: undefined },
    { name: "a kind that does not exist", details: undefined, expected: "no such path" },
  ])("tells $name from its opposite", async ({ details, expected }) => {
    const status = { kind: "Status", status: "Failure", code: 404, message: "no such path", details };
    const { config } = await serve((_, response) => sendJson(response, 404, status));
    const answer = kubeClient(config).get(RESOURCES.pods, { namespace: "n", name: "a" });
    if (expected === undefined) await expect(answer).resolves.toBeUndefined();
    else await expect(answer).rejects.toThrow(expected);
  });

  it("gives the items of a list the type that the list names", async () => {
    const list = {
      kind: "PodList",
      apiVersion: "v1",
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "a" } }],
    };
    const { config } = await serve((_, response) => sendJson(response, 200, list));
    const { items } = await kubeClient(config).list(RESOURCES.pods);
    expect(items).toEqual([{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }]);
  });

  it("asks for what a write's options say, and hands its warnings over", async () => {
    const { config } = await serve((request, response) => {
      text(request)
        .then((body) => {
          response.setHeader("warning", ['299 - "host \\"x\\" is missing"', '299 - "two"']);
          sendJson(response, 200, {
            ...POD,
            seen: [request.method, request.url, request.headers["content-type"], body],
          });
        })
        .catch(() => response.destroy());
    });
    const written = await kubeClient(config).patch(
      RESOURCES.pods,
      { namespace: "n", name: "a" },
      { type: "apply", body: { a: 1 } },
      { fieldManager: "me", force: true, dryRun: true, subresource: "status", strict: true },
    );
    expect(written).toEqual({
      warnings: ['host "x" is missing', "two"],
      object: {
        ...POD,
        seen: [
          "PATCH",
          "/api/v1/namespaces/n/pods/a/status?dryRun=All&fieldManager=me&force=true&fieldValidation=Strict",
          "application/apply-patch+yaml",
          '{"a":1}',
        ],
      },
    });
  });

  it("reads a watch line by line, wherever the network cuts it", async () => {
    const { config } = await serve((_, response) => {
      response.writeHead(200);
      response.write('{"type":"ADDED","object":{"metadata":{"name":"a');
      response.end('"}}}\n{"type":"DELETED","object":{"metadata":{"name":"a"}}}\n');
    });
    const seen: string[] = [];
    const { signal } = new AbortController();
    const events = kubeClient(config).watch(RESOURCES.pods, { resourceVersion: "1", signal });
    for await (const { type } of events) seen.push(type);
    expect(seen).toEqual(["ADDED", "DELETED"]);
  });

  it.each([
    { name: "after a version", resourceVersion: "7", query: "resourceVersion=7" },
    { name: "with all there is", query: "sendInitialEvents=true&resourceVersionMatch=NotOlderThan" },
  ])("asks for a watch that begins $name", async ({ query, ...where }) => {
    const asked: string[] = [];
    const { config } = await serve(({ url = "" }, response) => {
      asked.push(url);
      response.end();
    });
    const { signal } = new AbortController();
    for await (const event of kubeClient(config).watch(RESOURCES.pods, { ...where, signal }))
      expect(event).toBeUndefined();
    expect(asked.join()).toContain(`/api/v1/pods?watch=true&allowWatchBookmarks=true&${query}`);
  });

  it("throws the server's own words, and a code where it used none", async () => {
    const { config } = await serve((_, response) => response.writeHead(503).end());
    await expect(kubeClient(config).list(RESOURCES.pods)).rejects.toMatchObject({
      name: "KubeError",
      status: { code: 503, message: "The API server answered with status 503." },
    });
  });

  it("says 401 for a wrong token", async () => {
    const { config } = await serve((_, response) => sendJson(response, 200, POD));
    const client = kubeClient({ ...config, credentials: { token: "wrong" } });
    await expect(client.list(RESOURCES.pods)).rejects.toMatchObject({ status: { code: 401 } });
  });

  it("reads a token's file again where the token is refused", async () => {
    const { config } = await serve((_, response) => sendJson(response, 200, { ...POD, items: [] }));
    const folder = mkdtempSync(join(tmpdir(), "token-"));
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "secret");
    const client = kubeClient({ ...config, credentials: { tokenFile } });
    writeFileSync(tokenFile, "expired");
    await expect(client.list(RESOURCES.pods)).rejects.toMatchObject({ status: { code: 401 } });
    writeFileSync(tokenFile, "secret");
    await expect(client.list(RESOURCES.pods)).resolves.toMatchObject({ items: [] });
    rmSync(folder, { recursive: true });
  });

  it("does not speak to a server whose certificate it cannot trust", async () => {
    const { config } = await serve((_, response) => sendJson(response, 200, POD));
    const client = kubeClient({ server: config.server, credentials: config.credentials });
    await expect(client.list(RESOURCES.pods)).rejects.toThrow(
      `The API server at ${config.server} cannot be reached`,
    );
  });
});
