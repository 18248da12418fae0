import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./test-server.contract.ts";

const ANY_TEXT: unknown = expect.any(String);
const MAPS = "/api/v1/namespaces/default/configmaps";

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

const map = (name: string, data: Record<string, unknown> = {}, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

async function createMap(name: string, data: Record<string, unknown> = {}, metadata: object = {}) {
  const answer = await server.call(MAPS, { method: "POST", body: map(name, data, metadata) });
  expect(answer.status).toBe(201);
  return answer;
}

describe("the API server's answers to bad input", () => {
  beforeAll(() => createMap("taken"));

  const cases = [
    {
      name: "an object that does not exist",
      path: `${MAPS}/missing`,
      status: 404,
      reason: "NotFound",
      message: 'configmaps "missing" not found',
    },
    {
      name: "a name that is taken",
      method: "POST",
      path: MAPS,
      body: map("taken"),
      status: 409,
      reason: "AlreadyExists",
      message: 'configmaps "taken" already exists',
    },
    {
      name: "a namespace that does not exist",
      method: "POST",
      path: "/api/v1/namespaces/nowhere/configmaps",
      body: map("a"),
      status: 404,
      reason: "NotFound",
      message: 'namespaces "nowhere" not found',
    },
    {
      name: "a namespace other than the path's",
      method: "POST",
      path: MAPS,
      body: map("a", {}, { namespace: "kube-system" }),
      status: 400,
      reason: "BadRequest",
      message: "the namespace of the provided object does not match the namespace sent on the request",
    },
    {
      name: "neither name nor generateName",
      method: "POST",
      path: MAPS,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: {} },
      status: 422,
      reason: "Invalid",
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    },
    {
      name: "an unknown field, strictly",
      method: "POST",
      path: `${MAPS}?fieldValidation=Strict`,
      body: { ...map("a"), foo: 1 },
      status: 400,
      reason: "BadRequest",
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"',
    },
    {
      name: "a wrong type",
      method: "POST",
      path: MAPS,
      body: map("a", { key: 1 }),
      status: 400,
      reason: "BadRequest",
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    },
    {
      name: "a stale version",
      method: "PUT",
      path: `${MAPS}/taken`,
      body: map("taken", {}, { resourceVersion: "1" }),
      status: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on configmaps "taken": the object has been modified; please apply your changes to the latest version and try again',
    },
    {
      name: "another name than the path's",
      method: "PUT",
      path: `${MAPS}/taken`,
      body: map("other"),
      status: 400,
      reason: "BadRequest",
      message: "the name of the object (other) does not match the name on the URL (taken)",
    },
    {
      name: "a verb that is not served",
      method: "POST",
      path: "/api/v1/configmaps",
      body: {},
      status: 405,
      reason: "MethodNotAllowed",
      message: "the server does not allow this method on the requested resource",
    },
    {
      name: "a kind that is not served",
      path: "/apis/example.com/v1/things",
      status: 404,
      reason: "NotFound",
      message: "the server could not find the requested resource",
    },
    {
      name: "a field selector that nothing has",
      path: `${MAPS}?fieldSelector=a%3Db`,
      status: 400,
      reason: "BadRequest",
      message: '"a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
    {
      name: "a version of the future",
      path: `${MAPS}?resourceVersion=99999999`,
      status: 504,
      reason: "Timeout",
      message: matching(/^Timeout: Too large resource version: 99999999, current: \d+$/),
    },
    {
      name: "a body of more than 3 MiB",
      method: "POST",
      path: MAPS,
      body: map("big", { key: "x".repeat(3_200_000) }),
      status: 413,
      reason: "RequestEntityTooLarge",
      message: "Request entity too large: limit is 3145728",
    },
    { name: "no token", path: MAPS, token: "", status: 401, reason: "Unauthorized", message: "Unauthorized" },
    {
      name: "a wrong token",
      path: MAPS,
      token: "x",
      status: 401,
      reason: "Unauthorized",
      message: "Unauthorized",
    },
  ];

  it.each(cases)(
    "answers as Kubernetes does: $name",
    async ({ path, status, reason, message, ...options }) => {
      const answer = await server.call(path, options);
      expect(answer.json).toMatchObject({ kind: "Status", status: "Failure", code: status, reason, message });
      expect(answer.status).toBe(status);
    },
  );
});

describe("objects over https", () => {
  it("are created with what only the server sets, and read again", async () => {
    const created = await createMap("made", { a: "b" });
    expect(created.json).toMatchObject({
      kind: "ConfigMap",
      data: { a: "b" },
      metadata: { name: "made", namespace: "default", uid: ANY_TEXT },
    });
    const read = await server.call(`${MAPS}/made`);
    expect(read.json).toEqual(created.json);
  });

  it("get a name from generateName", async () => {
    const answer = await server.call(MAPS, { method: "POST", body: map("", {}, { generateName: "gen-" }) });
    expect(answer.json).toMatchObject({ metadata: { name: matching(/^gen-[a-z0-9]{5}$/) } });
  });

  it("stay as they are in a dry run", async () => {
    const body = map("dry");
    expect((await server.call(`${MAPS}?dryRun=All`, { method: "POST", body })).status).toBe(201);
    expect((await server.call(`${MAPS}/dry`)).status).toBe(404);
  });

  it("keep their version when nothing changes", async () => {
    const created = await createMap("same", { a: "b" });
    const again = await server.call(`${MAPS}/same`, { method: "PUT", body: map("same", { a: "b" }) });
    expect(again.json).toEqual(created.json);
  });

  it.each([
    { name: "merge", contentType: "application/merge-patch+json", body: { data: { a: null, c: "d" } } },
    {
      name: "strategic merge",
      contentType: "application/strategic-merge-patch+json",
      body: { data: { a: null, c: "d" } },
    },
    {
      name: "JSON",
      contentType: "application/json-patch+json",
      body: [
        { op: "remove", path: "/data/a" },
        { op: "add", path: "/data/c", value: "d" },
      ],
    },
  ])("are changed by a $name patch", async ({ name, contentType, body }) => {
    const target = `patched-${name.toLowerCase().replace(" ", "-")}`;
    await createMap(target, { a: "b" });
    const answer = await server.call(`${MAPS}/${target}`, { method: "PATCH", contentType, body });
    expect(answer).toMatchObject({ status: 200, json: { data: { c: "d" } } });
  });

  it("are applied by the server, twice without a change", async () => {
    const apply = () =>
      server.call(`${MAPS}/applied?fieldManager=me`, {
        method: "PATCH",
        contentType: "application/apply-patch+yaml",
        body: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: b}\n",
      });
    const first = await apply();
    const second = await apply();
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
  });

  it("warn of unknown fields", async () => {
    const answer = await server.call(MAPS, { method: "POST", body: { ...map("warned"), foo: 1 } });
    expect(answer.headers["warning"]).toBe('299 - "unknown field \\"foo\\""');
  });

  it("are deleted, and refuse a deletion that means another", async () => {
    await createMap("gone");
    const body = { preconditions: { uid: "another" } };
    const refused = await server.call(`${MAPS}/gone`, { method: "DELETE", body });
    const deleted = await server.call(`${MAPS}/gone`, { method: "DELETE" });
    expect(refused).toMatchObject({ status: 409, json: { reason: "Conflict" } });
    expect(deleted).toMatchObject({ status: 200, json: { kind: "Status", status: "Success" } });
  });

  it("wait for their finalizers", async () => {
    await createMap("held", {}, { finalizers: ["example.com/hold"] });
    const marked = await server.call(`${MAPS}/held`, { method: "DELETE" });
    expect(marked.json).toMatchObject({ metadata: { deletionTimestamp: ANY_TEXT } });
    const contentType = "application/merge-patch+json";
    await server.call(`${MAPS}/held`, {
      method: "PATCH",
      contentType,
      body: { metadata: { finalizers: null } },
    });
    expect((await server.call(`${MAPS}/held`)).status).toBe(404);
  });

  it("wait for their dependents where they are deleted in the foreground", async () => {
    await createMap("owner");
    const marked = await server.call(`${MAPS}/owner?propagationPolicy=Foreground`, { method: "DELETE" });
    expect(marked.json).toMatchObject({ metadata: { finalizers: ["foregroundDeletion"] } });
  });

  it("are listed in chunks that all show one moment", async () => {
    const labels = { chunk: "yes" };
    for (const name of ["c1", "c2", "c3"]) await createMap(name, {}, { labels });
    const first = await server.call(`${MAPS}?labelSelector=chunk&limit=2`);
    expect(first.json).toMatchObject({
      items: [{ metadata: { name: "c1" } }, { metadata: { name: "c2" } }],
    });
    expect(first.text).not.toContain("remainingItemCount"); // nobody counts what a selector would leave
    await server.call(`${MAPS}/c3`, { method: "DELETE" });
    const token = /"continue":"([^"]+)"/.exec(first.text)?.[1] ?? "";
    const second = await server.call(`${MAPS}?labelSelector=chunk&limit=2&continue=${token}`);
    expect(second.json).toMatchObject({ items: [{ metadata: { name: "c3" } }] });
  });

  it("are shown as a table", async () => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    const answer = await server.call(`${MAPS}?fieldSelector=metadata.name%3Dmade`, { accept });
    expect(answer.json).toMatchObject({ kind: "Table", rows: [{ cells: ["made", 1, ANY_TEXT] }] });
  });

  it("are found again, with their versions, after a restart", async () => {
    const before = await createMap("kept", { a: "b" });
    await server.restart();
    expect((await server.call(`${MAPS}/kept`)).json).toEqual(before.json);
  });
});

describe("health", () => {
  it.each(["/healthz", "/livez", "/readyz"])("is told to everybody at %s", async (path) => {
    expect(await server.call(path, { token: "" })).toMatchObject({ status: 200, text: "ok" });
  });
});
