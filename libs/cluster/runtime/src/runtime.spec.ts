import { mkdtempSync, rmSync } from "node:fs";
import { loopbackNetwork } from "@bookmesh/pod-network";
import { unversioned } from "@bookmesh/reconcile";
import { fakeAccess, type FakeAccess } from "@bookmesh/reconcile/fake-access";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RESOURCES, type Deployment, type EndpointSlice, type Pod, type Service } from "@bookmesh/kube-api";
import { jsonLogger, systemClock } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startRuntime, type Runtime } from "./runtime.ts";

const HOST = "127.0.0.111"; // local clusters of people and of the stories take lower ones
const SERVER = `
  require("node:http").createServer((request, response) => {
    response.end(process.env.HOSTNAME + " " + process.env.GREETING + " " + request.url);
  }).listen(8080, process.env.APPLICATION_ADDRESS, () => console.log("listening on " + process.env.APPLICATION_ADDRESS));
  process.on("SIGTERM", () => { console.log("stopping"); process.exit(0); });
`;

function deployment(replicas: number, greeting = "hello"): Deployment {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          initContainers: [{ name: "init", image: "test/init", command: ["true"] }],
          containers: [
            {
              name: "web",
              image: "test/web",
              command: [process.execPath, "-e", SERVER],
              env: [{ name: "GREETING", value: greeting }],
              ports: [{ name: "http", containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: {
    type: "NodePort",
    clusterIP: "10.96.0.10",
    selector: { app: "web" },
    ports: [{ name: "http", port: 80, targetPort: "http", nodePort: 31999 }],
  },
};

async function fetchText(options: {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("startRuntime", () => {
  let home: string;
  let access: FakeAccess;
  let runtime: Runtime;

  const start = async () =>
    startRuntime({
      access,
      home,
      hostAddress: HOST,
      apiPort: 1,
      openNetwork: loopbackNetwork,
      imageMap: () => [],
      templateValues: {},
      clock: systemClock,
      random: Math.random,
      logger: jsonLogger("runtime-spec"),
    });
  const pods = async () => (await access.list<Pod>(RESOURCES.pods)).items;
  const readyPods = async (count: number) =>
    eventually(async () => {
      const ready = (await pods()).filter(({ status, metadata }) =>
        status?.conditions?.some(
          ({ type, status: is }) =>
            type === "Ready" && is === "True" && metadata.deletionTimestamp === undefined,
        ),
      );
      expect(ready).toHaveLength(count);
      return ready;
    });

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "bookmesh-runtime-"));
    access = fakeAccess();
    runtime = await start();
  });
  afterEach(async () => {
    await runtime.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it("turns a Deployment into processes with addresses, endpoints and a node port", async () => {
    await access.create(RESOURCES.services, service);
    await access.create(RESOURCES.deployments, deployment(2));
    const [pod] = await readyPods(2);
    expect(pod?.status?.podIP).toMatch(/^127\.126\.0\.\d+$/);
    await eventually(async () => {
      const [slice] = (await access.list<EndpointSlice>(RESOURCES.endpointSlices)).items;
      expect(slice?.endpoints.map(({ conditions }) => conditions?.ready)).toEqual([true, true]);
      expect(slice?.ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    });
    expect(await fetchText({ host: HOST, port: 31999, path: "/x" })).toMatch(/^web-\w{10}-\w{5} hello \/x$/);
    const proxy = { host: pod?.status?.podIP?.replace("127.126", "127.254") ?? "", port: 15008 };
    expect(await fetchText({ ...proxy, path: "http://web/named" })).toContain("/named");
    await eventually(async () => {
      const found = await access.get<Deployment>(RESOURCES.deployments, {
        namespace: "default",
        name: "web",
      });
      expect(found?.status).toMatchObject({ availableReplicas: 2, updatedReplicas: 2 });
      expect(found?.status?.conditions?.map(({ reason }) => reason)).toEqual([
        "MinimumReplicasAvailable",
        "NewReplicaSetAvailable",
      ]);
    });
  });

  it("moves the pods to a new template, then answers with it alone", async () => {
    const created = await access.create(RESOURCES.deployments, deployment(1));
    await readyPods(1);
    const { metadata } = unversioned(created);
    await access.update(RESOURCES.deployments, { ...deployment(1, "bye"), metadata });
    await eventually(async () => {
      const all = await pods();
      expect(all).toHaveLength(1);
      expect(all[0]?.spec.containers[0]?.env?.[0]?.value).toBe("bye");
    });
  });

  it("says why pods are refused, and creates them as soon as they no longer are", async () => {
    access.refuseCreation("Pod", "the injector does not answer");
    await access.create(RESOURCES.deployments, deployment(1));
    await eventually(async () => {
      const found = await access.get<Deployment>(RESOURCES.deployments, {
        namespace: "default",
        name: "web",
      });
      expect(found?.status?.conditions).toContainEqual(
        expect.objectContaining({ type: "ReplicaFailure", message: "the injector does not answer" }),
      );
      const { items } = await access.list(RESOURCES.events);
      expect(items.map((event) => event["reason"])).toContain("FailedCreate");
    });
    access.refuseCreation("Pod", undefined);
    await readyPods(1);
  });

  it("takes the same pods up again with the same addresses after a restart", async () => {
    await access.create(RESOURCES.deployments, deployment(1));
    const [before] = await readyPods(1);
    await runtime.stop();
    runtime = await start();
    await eventually(async () => {
      const [after] = await pods();
      expect(after?.metadata.name).toBe(before?.metadata.name);
      expect(after?.status?.podIP).toBe(before?.status?.podIP);
      expect(after?.status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
    });
  });

  it("runs init containers anew after a restart, since what they did to the pod's network is gone", async () => {
    await access.create(RESOURCES.deployments, deployment(1));
    await readyPods(1);
    await runtime.stop();
    runtime = await start();
    await eventually(async () => {
      const [after] = await pods();
      expect(after?.status?.initContainerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
    });
    await readyPods(1);
  });
});
