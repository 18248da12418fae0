import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { createRoot, issueServerCertificate } from "@bookmesh/identity";
import { systemClock } from "@bookmesh/node-host";
import { NodeSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { eventually } from "@bookmesh/testkit";
import { ServerCredentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followControlPlane } from "./ads-client.ts";
import { ConfigStore } from "./config-store.ts";
import { fakeControlPlane, type FakeControlPlane } from "./fake-control-plane.ts";

const ISTIOD = "istiod.istio-system.svc";
const ONE_HOUR_MS = 3_600_000;

describe("following a control plane over TLS, through the pod's forward proxy", () => {
  let directory: string;
  let controlPlane: FakeControlPlane;
  let forwardProxy: Server;
  let stop: AbortController;
  const tunnelled: string[] = [];
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "ads-client-"));
    const options = { lifetimeMs: ONE_HOUR_MS, clock: systemClock };
    const root = await createRoot({ ...options, commonName: "test" });
    const server = await issueServerCertificate(root, { ...options, dnsNames: [ISTIOD] });
    await writeFile(join(directory, "root.pem"), root.certPem);
    await writeFile(join(directory, "token"), "secret\n");
    const pair = { private_key: Buffer.from(server.keyPem), cert_chain: Buffer.from(server.certPem) };
    controlPlane = await fakeControlPlane(ServerCredentials.createSsl(null, [pair]));
    forwardProxy = createServer();
    forwardProxy.on("connect", (request, socket: Socket) => {
      tunnelled.push(request.url ?? "");
      const upstream = connect(controlPlane.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on("error", () => end.destroy());
      }
    });
    await new Promise<void>((resolve) => forwardProxy.listen(0, "127.0.0.1", resolve));
    const { port } = forwardProxy.address() as AddressInfo;
    vi.stubEnv("http_proxy", `http://127.0.0.1:${port}`);
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort(new Error("test over"));
    vi.unstubAllEnvs();
    controlPlane.close();
    for (const socket of sockets) socket.destroy();
    forwardProxy.close();
    await rm(directory, { recursive: true });
  });

  function follow(address: string) {
    const store = new ConfigStore({ clock: systemClock, random: () => 0 });
    const ended: string[] = [];
    const status = followControlPlane({
      controlPlane: {
        address,
        rootCertFile: join(directory, "root.pem"),
        tokenFile: join(directory, "token"),
      },
      node: create(NodeSchema, { id: "sidecar~1" }),
      store,
      clock: systemClock,
      random: () => 0,
      signal: stop.signal,
      onStreamEnd: (reason) => ended.push(reason),
    });
    return { store, status, ended };
  }

  it("tunnels to the name, checks it, and shows its token", async () => {
    controlPlane.push(TYPE_URLS.cluster, "1", []);
    const { store, status } = follow(`${ISTIOD}:15012`);
    await eventually(() => expect(store.state.cluster.isAnswered).toBe(true));
    expect(tunnelled[0]).toBe(`${ISTIOD}:15012`);
    expect(controlPlane.authorizations).toEqual(["Bearer secret"]);
    expect(status.isConnected).toBe(true);
  });

  it("does not talk to a server of another name, and tries again", async () => {
    const { ended } = follow("impostor.istio-system.svc:15012");
    await eventually(() => expect(ended.length).toBeGreaterThan(1));
    expect(controlPlane.heard).toEqual([]);
  });
});
