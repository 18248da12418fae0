import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type Logger } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { serveTraffic } from "@bookmesh/traffic";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeControlPlane, type FakeControlPlane } from "../ads/fake-control-plane.ts";
import { askAdmin } from "../agent/ask-admin.ts";
import { readPodEnvironment } from "../agent/pod-environment.ts";
import { startSidecar, type Sidecar } from "../agent/run-sidecar.ts";
import { sampleCluster, sampleEndpoints, sampleListener } from "../agent/sample-resources.ts";

const POD_ADDRESS = "127.16.77.3";
const NOBODY = "127.0.0.1:1";
const DAY_SECONDS = 86_400;

let root: string;
let file: string;
let controlPlane: FakeControlPlane;
const running: { sidecar: Sidecar; stop: AbortController }[] = [];
const said: string[] = [];
const logger = {
  info: () => undefined,
  error: () => undefined,
  warn: (_: unknown, text: string) => said.push(text),
} as unknown as Logger; // what a sidecar says at these levels is all that it uses

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "last-good-"));
  const directory = join(root, "var/lib/istio/data");
  mkdirSync(directory, { recursive: true });
  file = join(directory, "last-good-configuration");
  controlPlane = await fakeControlPlane();
  said.length = 0;
});

afterEach(async () => {
  await stopAll();
  controlPlane.close();
  rmSync(root, { recursive: true });
});

async function stopAll(): Promise<void> {
  for (const { sidecar, stop } of running.splice(0)) {
    stop.abort();
    await sidecar.ended;
  }
}

async function start(address: string, podName = "book-1"): Promise<Sidecar> {
  const stop = new AbortController();
  const sidecar = await startSidecar({
    pod: readPodEnvironment({
      POD_NAME: podName,
      INSTANCE_IP: POD_ADDRESS,
      APPLICATION_ADDRESS_OFFSET: "0.128.0.0",
      MINIMUM_DRAIN_DURATION: "0s",
      CONTAINER_SANDBOX_MOUNT_POINT: root,
    }),
    controlPlane: { address },
    version: "test",
    ports: { admin: 0, agent: 0, health: 0, metrics: 0 },
    serveTraffic,
    accessLog: { write: () => undefined, dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: Math.random,
    logger,
    signal: stop.signal,
  });
  running.push({ sidecar, stop });
  return sidecar;
}

const theControlPlane = () => `127.0.0.1:${controlPlane.port}`;

async function isReady({ ports }: Sidecar): Promise<boolean> {
  const health = { address: POD_ADDRESS, port: ports.health, method: "GET", path: "/healthz/ready" };
  return (await askAdmin(health)).status === 200;
}

async function dumpOf({ ports }: Sidecar): Promise<string> {
  const question = { address: "127.144.77.3", port: ports.admin, method: "GET", path: "/config_dump" };
  return (await askAdmin(question)).body;
}

/** A sidecar that has heard of one cluster, written it down, and ended. */
async function written(): Promise<void> {
  controlPlane.push(TYPE_URLS.cluster, "1", [sampleCluster("a")]);
  controlPlane.push(TYPE_URLS.listener, "1", []);
  controlPlane.push(TYPE_URLS.endpoint, "1", []);
  const sidecar = await start(theControlPlane());
  await eventually(async () => expect(await dumpOf(sidecar)).toContain('"name": "a"'));
  controlPlane.push(TYPE_URLS.cluster, "2", []);
  await eventually(() => expect(statSync(file).size).toBeGreaterThan(0));
  await stopAll();
}

describe("a sidecar that starts again", () => {
  it("serves by what it wrote down while no control plane answers, and follows the next one", async () => {
    await written();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { port } = controlPlane;
    controlPlane.close();
    const sidecar = await start(`127.0.0.1:${port}`);
    await eventually(async () => expect(await isReady(sidecar)).toBe(true));
    expect(said).toContain("serving by the last good configuration");
    controlPlane = await fakeControlPlane(undefined, port);
    controlPlane.push(TYPE_URLS.cluster, "3", [sampleCluster("after")]);
    controlPlane.push(TYPE_URLS.endpoint, "3", [sampleEndpoints("after", "127.0.0.1", 1)]);
    await eventually(async () => expect(await dumpOf(sidecar)).toContain('"name": "after"'));
    expect(controlPlane.heard[0]?.versionInfo).toBe("2");
    expect(await isReady(sidecar)).toBe(true);
  });

  it("listens to a control plane that answers before it looks at the file", async () => {
    await written();
    controlPlane.push(TYPE_URLS.listener, "2", [sampleListener("127.144.77.3", 0)]);
    const sidecar = await start(theControlPlane());
    await eventually(() => expect(controlPlane.heard.length).toBeGreaterThan(4));
    expect(said).toEqual([]);
    expect(sidecar.readiness.state()).not.toBe("DRAINING");
  });

  it.each<{ name: string; spoil: () => void; podName?: string; reason: string }>([
    { name: "of another pod", spoil: () => undefined, podName: "book-2", reason: "it is of sidecar~" },
    {
      name: "damaged",
      spoil: () => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)])),
      reason: "it is damaged",
    },
    { name: "nothing like it", spoil: () => writeFileSync(file, "{}"), reason: "it does not begin as such" },
    {
      name: "too old",
      spoil() {
        const then = Date.now() / 1_000 - DAY_SECONDS - 1;
        utimesSync(file, then, then);
      },
      reason: "it is older than 24 hours",
    },
  ])("is not ready by a file that is $name, and says why", async ({ spoil, podName, reason }) => {
    await written();
    spoil();
    const sidecar = await start(NOBODY, podName);
    await eventually(() =>
      expect(said).toContainEqual(expect.stringContaining(`configuration is not used: ${reason}`)),
    );
    expect(await isReady(sidecar)).toBe(false);
  });
});
