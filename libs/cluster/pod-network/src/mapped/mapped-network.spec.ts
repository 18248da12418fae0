import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { RESOURCES, type EndpointSlice, type Pod, type Service } from "@bookmesh/kube-api";
import { jsonLogger } from "@bookmesh/node-host";
import { objectCache } from "@bookmesh/reconcile";
import { fakeAccess } from "@bookmesh/reconcile/fake-access";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NetworkSurroundings, PodLink, PodNetwork } from "../pod-network.ts";
import { serviceDirectory } from "../service-directory.ts";
import { mappedNetwork } from "./mapped-network.ts";

const HOST = "127.0.0.109";
const POD_IP = "240.124.0.2";
const SERVER = `require("node:http").createServer((_, response) => response.end("hello")).listen(8080, process.argv[1])`;

const container = { name: "web", image: "web", ports: [{ containerPort: 8080 }] };
const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid: "web" },
  spec: { containers: [container, { name: "istio-proxy", image: "proxy" }] },
};

describe("mappedNetwork", () => {
  let directory: string;
  let network: PodNetwork;
  let link: PodLink;
  let program: ChildProcess | undefined;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-mapped-"));
    const open = mappedNetwork({ directory, preload: resolve(import.meta.dirname, "preload.ts") });
    network = await open(surroundings(HOST));
    link = network.attach(pod, POD_IP);
  });
  afterEach(() => {
    program?.kill();
    link.close();
    network.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("reaches a program of the pods' Node, which listens on the address that it was told", async () => {
    program = spawn(network.node, ["-e", SERVER, "240.252.0.2"], { stdio: "inherit" });
    await eventually(async () => expect(await link.isListening(8080)).toBe(true));
    expect(await link.isListening(8081)).toBe(false);
    const socket = await link.connect(8080);
    socket.end("GET / HTTP/1.0\r\n\r\n");
    expect((await socket.toArray()).join("")).toMatch(/hello$/);
  });

  it("tells other programs the mapped place", () => {
    expect(link.place(8080)).toEqual({ host: HOST, port: 10_058 });
    expect(link.onMachine("--bind 240.252.0.2:8080")).toBe(`--bind ${HOST}:10058`);
  });

  it("opens the pod's forward proxy at the place that its programs are told", async () => {
    const { http_proxy: proxy = "" } = link.environment(container, {
      root: () => directory,
      volume: () => directory,
      log: () => directory,
      file: () => directory,
      mounts: () => [],
      remove: () => undefined,
    });
    const told = URL.parse(link.onMachine(proxy));
    expect(told?.host).toBe(`${HOST}:10004`);
    await eventually(async () => expect((await fetch(told?.href ?? "")).status).toBe(400));
  });

  it("refuses an address that has no pods", () => {
    const open = mappedNetwork({ directory, preload: "" });
    expect(() => open(surroundings("127.1.0.1"))).toThrow("The address 127.1.0.1 is not usable");
  });
});

function surroundings(hostAddress: string): NetworkSurroundings {
  const access = fakeAccess();
  const services = objectCache<Service>(access, RESOURCES.services);
  const slices = objectCache<EndpointSlice>(access, RESOURCES.endpointSlices);
  const directory = serviceDirectory(services, slices, () => 0);
  return { hostAddress, apiPort: 6443, services, slices, directory, logger: jsonLogger("mapped-spec") };
}
