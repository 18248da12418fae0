import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const SERVICES = "/api/v1/namespaces/default/services";

let api: TestServer;
beforeAll(async () => void (api = await startTestServer()));
afterAll(() => api.close());

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

function create(name: string, spec: object) {
  const body = { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
  return api.call(SERVICES, { method: "POST", body });
}

describe("services", () => {
  it("get an address of the service network", async () => {
    const { json } = await create("plain", { ports: [{ port: 80 }] });
    expect(json).toMatchObject({ spec: { type: "ClusterIP", clusterIP: matching(/^10\.96\.\d+\.\d+$/) } });
  });

  it.each([
    {
      type: "NodePort",
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 31_000 }] },
      nodePort: 31_000,
    },
    {
      type: "LoadBalancer",
      spec: { type: "LoadBalancer", ports: [{ port: 80, nodePort: 31_001 }] },
      nodePort: 31_001,
    },
  ])("of type $type keep the node port that they ask for", async ({ type, spec, nodePort }) => {
    const { json } = await create(type.toLowerCase(), spec);
    expect(json).toMatchObject({ spec: { type, ports: [{ port: 80, nodePort }] } });
  });

  it.each([
    { name: "taken", nodePort: 31_000, why: "provided port is already allocated" },
    {
      name: "out of range",
      nodePort: 80,
      why: "provided port is not in the valid range. The range of valid ports is 30000-32767",
    },
  ])("are refused a node port that is $name", async ({ nodePort, why }) => {
    const refused = await create("refused", { type: "NodePort", ports: [{ port: 80, nodePort }] });
    expect(refused).toMatchObject({
      status: 422,
      json: {
        message: `Service "refused" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${why}`,
      },
    });
  });

  it("keep what they were given when an update leaves it out", async () => {
    const { json } = await create("kept", { type: "NodePort", ports: [{ port: 80 }] });
    const body = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kept", labels: { a: "b" } },
      spec: { type: "NodePort", ports: [{ port: 80 }] },
    };
    const updated = await api.call(`${SERVICES}/kept`, { method: "PUT", body });
    expect(specOf(updated.json)).toEqual(specOf(json));
  });

  it("without a cluster address stay without one", async () => {
    const { json } = await create("headless", { clusterIP: "None", ports: [{ port: 80 }] });
    expect(json).toMatchObject({ spec: { clusterIP: "None", clusterIPs: ["None"] } });
  });
});

function specOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "spec" in value ? value.spec : undefined;
}
