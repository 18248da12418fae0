import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  articleDeployed,
  bookmesh,
  containerNames,
  control,
  hasPodNetworks,
  podsReady,
  ratings,
  tryControl,
} from "./harness/mesh.ts";

const manifest = (file: string) => readFileSync(join(import.meta.dirname, "manifests", file), "utf8");
const apply = (text: string) => tryControl(["apply", "-f", "-"], text);

describe("What else there is in a cluster", () => {
  beforeAll(articleDeployed);

  it("gives a pod without an owner its sidecar", async () => {
    expect(await apply(podOf("alone", ""))).toMatchObject({ code: 0 });
    await podsReady("app=alone", 1);
    expect(await containerNames("app=alone")).toEqual(["app", "istio-proxy"]);
    expect(await bookmesh("proxy-status")).toContain("alone.default");
    await control("delete", "pod", "alone", "-n", "default");
  });

  it("leaves a pod in its node's network alone, and says so", async () => {
    const { code, stderr } = await apply(podOf("on-node", "hostNetwork: true"));
    expect([code, stderr]).toEqual([0, expect.stringContaining("hostNetwork")]);
    expect(await containerNames("app=on-node")).toEqual(["app"]);
    await control("delete", "pod", "on-node", "-n", "default");
  });

  it("leaves UDP as it is, of a service with HTTP too", async ({ skip }) => {
    if (!(await hasPodNetworks())) skip("Without networks of their own pods call by TCP alone.");
    expect(await apply(manifest("udp-echo.yml"))).toMatchObject({ code: 0 });
    await podsReady("app=udp-echo", 1);
    await eventually(async () =>
      expect(
        await control("exec", "udp-echo", "-n", "default", "-c", "app", "--", "node", "-e", ASK_BY_UDP),
      ).toBe("a datagram, echoed"),
    );
    expect(await ratings(4)).not.toContain("503");
    await control("delete", "pod,service", "udp-echo", "-n", "default");
  });

  it("refuses what comes too late into a namespace that is being deleted, and lets it go", async () => {
    for (const part of [DOOMED, HOLDS]) expect(await apply(part)).toMatchObject({ code: 0 });
    await control("delete", "namespace", "doomed", "--wait=false");
    for (const late of [podOf("late", "").replace("default", "doomed"), ruleOf("late", "doomed")])
      await eventually(async () => {
        const { code, stderr } = await apply(late);
        expect([code, stderr]).toEqual([1, expect.stringContaining("because it is being terminated")]);
      });
    await apply(HOLDS.replace("example.com/hold", ""));
    await eventually(
      async () => expect((await tryControl(["get", "namespace", "doomed"])).stderr).toContain("not found"),
      { timeoutMs: 60_000, intervalMs: 250 },
    );
    expect(await ratings(4)).not.toContain("503");
  });

  it("refuses the change of an immutable field, and changes nothing", async () => {
    const { code, stderr } = await apply(manifest("other-selector.yml"));
    expect([code, stderr]).toEqual([1, expect.stringContaining("field is immutable")]);
    expect(await ratings(4)).not.toContain("503");
  });
});

/** Sends a datagram to the echo service by its name, and prints what comes back. */
const ASK_BY_UDP = `
const socket = require("dgram").createSocket("udp4");
socket.on("message", (answer) => { process.stdout.write(answer); socket.close(); });
socket.send("a datagram", 9053, "udp-echo");
setTimeout(() => process.exit(1), 2000).unref();
`;

const DOOMED = `apiVersion: v1
kind: Namespace
metadata: { name: doomed, labels: { istio-injection: enabled } }
`;

/** Keeps its namespace on the way out for as long as it has a finalizer. */
const HOLDS = `apiVersion: v1
kind: ConfigMap
metadata: { name: holds, namespace: doomed, finalizers: [example.com/hold] }
`;

const podOf = (name: string, more: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default, labels: { app: ${name} } }
spec:
  ${more}
  containers:
  - name: app
    image: bookmesh/rating-service:v1.0.0
    imagePullPolicy: IfNotPresent
    ports: [{ containerPort: 8080 }]
`;

const ruleOf = (name: string, namespace: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  hosts: [rating.default.svc.cluster.local]
  http:
  - route:
    - destination: { host: rating.default.svc.cluster.local }
`;
