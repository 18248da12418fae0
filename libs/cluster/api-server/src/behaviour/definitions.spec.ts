import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RESOURCES } from "@bookmesh/kube-api";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const THINGS = "/apis/example.com/v1/namespaces/default/things";

let api: TestServer;
beforeAll(async () => void (api = await startTestServer()));
afterAll(() => api.close());

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

function definition(plural: string, kind: string, schema: object = {}) {
  const openAPIV3Schema = {
    ...schema,
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: { size: { type: "integer", minimum: 1 }, color: { type: "string", default: "red" } },
        required: ["size"],
      },
      status: { type: "object", properties: { seen: { type: "boolean" } } },
    },
  };
  const version = { served: true, schema: { openAPIV3Schema }, subresources: { status: {} } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: "example.com",
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: "Namespaced",
      versions: [
        { ...version, name: "v1", storage: true },
        { ...version, name: "v1beta1", storage: false },
      ],
    },
  };
}

const thing = (name: string, spec: object, apiVersion = "example.com/v1") => ({
  apiVersion,
  kind: "Thing",
  metadata: { name },
  spec,
});

describe("custom resource definitions", () => {
  beforeAll(async () => {
    const made = await api.call(DEFINITIONS, { method: "POST", body: definition("things", "Thing") });
    expect(made).toMatchObject({
      status: 201,
      json: {
        status: {
          conditions: [
            { type: "NamesAccepted", status: "True" },
            { type: "Established", status: "True" },
          ],
          storedVersions: ["v1"],
        },
      },
    });
  });

  it("are served as soon as they are made: with defaults, in every version", async () => {
    const created = await api.call(THINGS, { method: "POST", body: thing("a", { size: 2 }) });
    expect(created).toMatchObject({ status: 201, json: { spec: { size: 2, color: "red" } } });
    const beta = await api.call(THINGS.replace("v1", "v1beta1"));
    expect(beta.json).toMatchObject({
      apiVersion: "example.com/v1beta1",
      kind: "ThingList",
      items: [{ apiVersion: "example.com/v1beta1", metadata: { name: "a" } }],
    });
  });

  it("refuse objects that break their schema", async () => {
    const refused = await api.call(THINGS, { method: "POST", body: thing("b", { size: 0 }) });
    expect(refused).toMatchObject({
      status: 422,
      json: {
        message:
          'Thing.example.com "b" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
      },
    });
  });

  it("ask the rules that their author wrote", async () => {
    const rules = [
      { rule: "self.metadata.name.startsWith('s')", message: "a ruled begins with s" },
      { rule: "!has(oldSelf.spec) || self.spec.size >= oldSelf.spec.size", message: "it grows" },
    ];
    const ruled = definition("ruleds", "Ruled", { "x-kubernetes-validations": rules });
    expect((await api.call(DEFINITIONS, { method: "POST", body: ruled })).status).toBe(201);
    const path = THINGS.replace("things", "ruleds");
    const write = async (name: string, size: unknown) => {
      const body = { ...thing(name, { size }), kind: "Ruled" };
      const post = await api.call(path, { method: "POST", body });
      return post.status === 409 ? api.call(`${path}/${name}`, { method: "PUT", body }) : post;
    };
    expect(await write("a", 2)).toMatchObject({
      status: 422,
      json: {
        message: 'Ruled.example.com "a" is invalid: <nil>: Invalid value: "object": a ruled begins with s',
      },
    });
    expect((await write("s", 2)).status).toBe(201);
    expect((await write("s", 3)).status).toBe(200);
    expect(await write("s", 1)).toMatchObject({
      status: 422,
      json: { details: { causes: [{ message: 'Invalid value: "object": it grows' }] } },
    });
    expect(await write("s2", "two")).toMatchObject({
      status: 422,
      json: { details: { causes: [{}, { field: "<nil>", message: matching(/were not checked/) }] } },
    });
  });

  it("are refused with rules that mean nothing", async () => {
    const rules = { "x-kubernetes-validations": [{ rule: "self.size > 1" }] };
    const made = await api.call(DEFINITIONS, { method: "POST", body: definition("ruled", "Ruled", rules) });
    expect(made).toMatchObject({ status: 422, json: { message: matching(/undefined field 'size'/) } });
  });

  it("keep status and the rest apart", async () => {
    await api.call(THINGS, { method: "POST", body: { ...thing("c", { size: 1 }), status: { seen: false } } });
    const contentType = "application/merge-patch+json";
    const body = { spec: { size: 9 }, status: { seen: true } };
    const whole = await api.call(`${THINGS}/c`, { method: "PATCH", contentType, body });
    const part = await api.call(`${THINGS}/c/status`, {
      method: "PATCH",
      contentType,
      body: { ...body, spec: { size: 5 } },
    });
    expect(whole.json).not.toHaveProperty("status");
    expect(part.json).toMatchObject({
      spec: { size: 9 },
      status: { seen: true },
      metadata: { generation: 2 },
    });
  });

  it("are found by discovery", async () => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { text, headers } = await api.call("/apis", { accept });
    expect(headers["content-type"]).toBe(accept);
    expect(text).toContain('"resource":"things"');
  });

  it("are not accepted with a kind that another one has", async () => {
    const made = await api.call(DEFINITIONS, { method: "POST", body: definition("rivals", "Thing") });
    expect(made.json).toMatchObject({
      status: {
        conditions: [
          { type: "NamesAccepted", status: "False", reason: "KindConflict" },
          { type: "Established", status: "False" },
        ],
      },
    });
    expect((await api.call("/apis/example.com/v1/namespaces/default/rivals")).status).toBe(404);
  });

  it("outlive a restart, and take their objects with them when they go", async () => {
    await api.restart();
    expect((await api.call(`${THINGS}/a`)).status).toBe(200);
    const gone = new Promise<void>((resolve) => {
      api.server.access.follow(RESOURCES.customResourceDefinitions, ({ type, object }) => {
        if (type === "DELETED" && object.metadata.name === "things.example.com") resolve();
      });
    });
    await api.call(`${DEFINITIONS}/things.example.com`, { method: "DELETE" });
    await gone;
    expect((await api.call(THINGS)).status).toBe(404);
    await api.call(DEFINITIONS, { method: "POST", body: definition("things", "Thing") });
    expect((await api.call(THINGS)).json).toMatchObject({ items: [] });
  });
});
