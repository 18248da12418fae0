import { createServer, type Server } from "node:https";
import { isObject, type JsonObject } from "@bookmesh/kube-model";
import { objectField, textField } from "@bookmesh/registry";
import { issueServerCertificate } from "@bookmesh/identity";
import { systemClock } from "@bookmesh/node-host";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const HOOKS = "/apis/admissionregistration.k8s.io/v1";
const MAPS = "/api/v1/namespaces/default/configmaps";
const MUTATING = "MutatingWebhookConfiguration";
const VALIDATING = "ValidatingWebhookConfiguration";

let api: TestServer;
let hooks: Server;
let port: number;
let answer: (request: JsonObject) => JsonObject;
let seen: JsonObject[] = [];

beforeAll(async () => {
  api = await startTestServer();
  const names = { dnsNames: ["hook.default.svc"], ipAddresses: ["127.0.0.1"], lifetimeMs: 3_600_000 };
  const { keyPem, certPem } = await issueServerCertificate(api.root, { ...names, clock: systemClock });
  hooks = createServer({ key: keyPem, cert: certPem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const review: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const asked = (isObject(review) ? objectField(review, "request") : undefined) ?? {};
      seen.push(asked);
      const body = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };
      response.end(JSON.stringify({ ...body, response: { uid: textField(asked, "uid"), ...answer(asked) } }));
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, "127.0.0.1", resolve));
  const bound = hooks.address();
  port = typeof bound === "object" && bound !== null ? bound.port : 0;
});

afterEach(async () => {
  seen = [];
  for (const plural of ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"])
    await api.call(`${HOOKS}/${plural}/hooks`, { method: "DELETE" });
});

afterAll(async () => {
  await api.close();
  hooks.close();
});

async function register(kind: string, overrides: object = {}): Promise<void> {
  const webhook = {
    name: "hook.example.com",
    clientConfig: {
      url: `https://127.0.0.1:${port}/hook`,
      caBundle: Buffer.from(api.root.certPem).toString("base64"),
    },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }],
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...overrides,
  };
  const body = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name: "hooks" },
    webhooks: [webhook],
  };
  const made = await api.call(`${HOOKS}/${kind.toLowerCase()}s`, { method: "POST", body });
  expect(made.status).toBe(201);
}

const create = (name: string) =>
  api.call(MAPS, {
    method: "POST",
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
  });

const patchOf = (operations: readonly object[]) => ({
  allowed: true,
  patchType: "JSONPatch",
  patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});

describe("mutating webhooks", () => {
  it("change an object before it is stored, and warn its author", async () => {
    answer = () => ({
      ...patchOf([{ op: "add", path: "/data", value: { added: "yes" } }]),
      warnings: ["be careful"],
    });
    await register(MUTATING);
    const created = await create("changed");
    expect(created).toMatchObject({ status: 201, json: { data: { added: "yes" } } });
    expect(created.headers["warning"]).toBe('299 - "be careful"');
    expect(seen).toMatchObject([
      {
        operation: "CREATE",
        namespace: "default",
        resource: { group: "", version: "v1", resource: "configmaps" },
        userInfo: { username: "system:admin" },
        object: { metadata: { name: "changed" } },
        oldObject: null,
      },
    ]);
  });

  it("are found through a Service: its port, a ready endpoint, its name on the certificate", async () => {
    answer = () => patchOf([{ op: "add", path: "/data", value: { by: "service" } }]);
    const metadata = { name: "hook", namespace: "default" };
    const spec = { ports: [{ name: "https", port: 443, targetPort: port }] };
    await api.call("/api/v1/namespaces/default/services", {
      method: "POST",
      body: { apiVersion: "v1", kind: "Service", metadata, spec },
    });
    const slice = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "hook-1", labels: { "kubernetes.io/service-name": "hook" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
      ports: [{ name: "https", port, protocol: "TCP" }],
    };
    await api.call("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
      method: "POST",
      body: slice,
    });
    const caBundle = Buffer.from(api.root.certPem).toString("base64");
    await register(MUTATING, { clientConfig: { service: { ...metadata, path: "/hook" }, caBundle } });
    expect(await create("by-service")).toMatchObject({ status: 201, json: { data: { by: "service" } } });
  });

  it.each([
    {
      name: "the namespace's labels",
      overrides: { namespaceSelector: { matchLabels: { injected: "yes" } } },
    },
    { name: "the object's labels", overrides: { objectSelector: { matchLabels: { injected: "yes" } } } },
    {
      name: "the operation",
      overrides: {
        rules: [{ operations: ["DELETE"], apiGroups: [""], apiVersions: ["v1"], resources: ["*"] }],
      },
    },
  ])("are not asked where $name do not fit", async ({ name, overrides }) => {
    answer = () => ({ allowed: false });
    await register(MUTATING, overrides);
    expect((await create(`unasked-${name.length}`)).status).toBe(201);
    expect(seen).toEqual([]);
  });
});

describe("validating webhooks", () => {
  const denied = 'admission webhook "hook.example.com" denied the request';

  it.each([
    {
      name: "with their own words",
      status: { code: 403, reason: "Forbidden", message: "no such luck", details: { name: "it" } },
      told: { code: 403, reason: "Forbidden", message: `${denied}: no such luck`, details: { name: "it" } },
    },
    {
      name: "with nothing but a message",
      status: { message: "no such luck" },
      told: { code: 400, message: `${denied}: no such luck` },
    },
    {
      name: "with a code that means success",
      status: { code: 200, reason: "NoLuck" },
      told: { code: 400, reason: "NoLuck", message: `${denied}: NoLuck` },
    },
    {
      name: "without a word",
      status: undefined,
      told: { code: 400, message: `${denied} without explanation` },
    },
  ])("refuse a write $name", async ({ status, told }) => {
    answer = () => ({ allowed: false, status });
    await register(VALIDATING);
    const refused = await create("refused");
    const whole = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", ...told };
    expect(refused.status).toBe(told.code);
    expect(refused.json).toEqual(whole);
    expect((await api.call(`${MAPS}/refused`)).status).toBe(404);
  });

  it.each([
    { name: "does not hold", expression: "object.metadata.name == 'another'", asked: 0, status: 201 },
    {
      name: "holds",
      expression: "request.operation == 'CREATE' && oldObject == null",
      asked: 1,
      status: 400,
    },
    { name: "cannot be judged", expression: "object.metadata.labels['no'] == ''", asked: 0, status: 403 },
  ])("are asked by their conditions: one that $name", async ({ expression, asked, status }) => {
    answer = () => ({ allowed: false });
    await register(VALIDATING, { matchConditions: [{ name: "condition", expression }] });
    expect((await create(`conditional-${status}`)).status).toBe(status);
    expect(seen).toHaveLength(asked);
  });

  it("may not change what they judge", async () => {
    answer = () => ({ allowed: true, patchType: "JSONPatch", patch: "W10=" });
    await register(VALIDATING);
    expect((await create("judged")).json).toMatchObject({
      message: expect.stringContaining("validating webhook may not return response.patch") as unknown,
    });
  });

  it.each([
    { failurePolicy: "Fail", status: 500 },
    { failurePolicy: "Ignore", status: 201 },
  ])("that nobody answers: failurePolicy $failurePolicy means $status", async ({ failurePolicy, status }) => {
    const clientConfig = { service: { namespace: "default", name: "absent" } };
    await register(VALIDATING, { clientConfig, failurePolicy });
    const created = await create(`unanswered-${failurePolicy.toLowerCase()}`);
    expect(created.status).toBe(status);
    if (status === 500)
      expect(created.json).toMatchObject({
        reason: "InternalError",
        message:
          'Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://absent.default.svc:443/?timeout=10s": service "absent" not found',
      });
  });
});
