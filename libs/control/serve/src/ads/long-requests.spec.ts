import { connect, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { create, toBinary } from "@bufbuild/protobuf";
import { ServerCredentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import { eventually } from "@bookmesh/testkit";
import { ControlPlaneSchema, DiscoveryRequestSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { ADS_PATH, adsService } from "./ads-protocol.ts";
import { adsServer, type AdsServer } from "./ads-server.ts";
import type { Connection } from "./connection.ts";

const MEGABYTE = 1024 * 1024;
const STREAMS = 12;
const NODE = { id: "sidecar~10.0.0.1~a.shop~shop.svc.cluster.local" };
const NAMES = Array.from({ length: 10_000 }, (_, index) => `${"long".repeat(25)}-${index}`);

let server: AdsServer;
let session: ClientHttp2Session;
let taken = 0;

beforeAll(async () => {
  // Counts, and answers nothing: no more of a connection is used by a server.
  const connection = { receive: () => (taken += 1) } as unknown as Connection;
  server = adsServer({
    log: silentLogger(),
    service: adsService(create(ControlPlaneSchema, {})),
    connect: () => ({ connection, disconnect: () => undefined }),
    answerTool: () => undefined,
    onRefused: () => undefined,
  });
  const port = await server.listen("127.0.0.1:0", ServerCredentials.createInsecure());
  session = connect(`http://127.0.0.1:${port}`);
});
afterAll(async () => {
  session.destroy();
  await server.stop();
});

/** Opens a stream, and sends a request of many names. */
function open(): ClientHttp2Stream {
  const stream = session.request({
    ...{ ":method": "POST", ":path": ADS_PATH },
    ...{ "content-type": "application/grpc", te: "trailers" },
  });
  stream.on("error", () => undefined);
  const request = { typeUrl: TYPE_URLS.endpoint, node: NODE, resourceNames: NAMES };
  const message = toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, request));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.write(Buffer.concat([head, message]));
  return stream;
}

it("takes long requests in one go, and keeps nothing of them", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const first = open();
  await eventually(() => expect(taken).toBe(1));
  await eventually(() => expect(session.remoteSettings.initialWindowSize).toBe(MEGABYTE));
  expect(session.state.remoteWindowSize).toBeGreaterThan(MEGABYTE / 2);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const streams = Array.from({ length: STREAMS }, open);
  await eventually(() => expect(taken).toBe(1 + STREAMS));
  await eventually(() => {
    collect();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(STREAMS * 0.25 * MEGABYTE);
  });
  for (const stream of [first, ...streams]) stream.destroy();
});
