import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import { DICTIONARY } from "./dictionary.ts";
import { controlFrame, dataFrame, FIN, FRAME_TYPES, readFrames, streamFrame, type Frame } from "./frames.ts";
import { serveSpdy } from "./serve-spdy.ts";
import { openingFrame, streamOpener } from "./spdy-client.contract.ts";
import type { SpdyStream } from "./spdy-stream.ts";

describe("serveSpdy", () => {
  let client: ReturnType<typeof duplexPair>[0];
  let frames: AsyncGenerator<Frame>;
  let session: Promise<void>;
  let streams: SpdyStream[];

  beforeEach(() => {
    const [ours, theirs] = duplexPair();
    client = ours;
    frames = readFrames(ours);
    streams = [];
    session = serveSpdy(theirs, (stream) => {
      stream.on("error", () => stream.destroy());
      streams.push(stream);
    });
  });

  const next = async (): Promise<Frame | undefined> => {
    const result = await frames.next();
    return result.done === true ? undefined : result.value;
  };

  it("has the dictionary that all others have", () => {
    expect(DICTIONARY.length).toBe(1423);
  });

  it("reads the headers of streams, which are one compressed text", async () => {
    const open = streamOpener();
    client.write(await open(1, { streamType: "error", port: "80" }));
    expect(await next()).toMatchObject({ type: FRAME_TYPES.synReply });
    client.write(await open(3, { streamType: "data", port: "80" }));
    expect(await next()).toMatchObject({ type: FRAME_TYPES.synReply });
    expect(streams.map(({ headers }) => headers.get("streamtype"))).toEqual(["error", "data"]);
  });

  it("carries data and ends both ways", async () => {
    client.write(await streamOpener()(1, {}));
    await next();
    client.write(dataFrame(1, 0, Buffer.from("ab")));
    client.write(dataFrame(1, FIN, Buffer.from("c")));
    const [stream] = streams;
    expect(stream && (await text(stream))).toBe("abc");
    stream?.end("answer");
    expect(await next()).toMatchObject({ streamId: 1, flags: 0, body: Buffer.from("answer") });
    expect(await next()).toMatchObject({ streamId: 1, flags: FIN });
  });

  it("tells the client of a stream that is given up, and hears it from the client", async () => {
    const open = streamOpener();
    client.write(await open(1, {}));
    await next();
    streams[0]?.destroy();
    expect(await next()).toMatchObject({ type: FRAME_TYPES.rstStream });
    client.write(await open(3, {}));
    await next();
    client.write(streamFrame(FRAME_TYPES.rstStream, 3, Buffer.of(0, 0, 0, 5)));
    client.write(controlFrame(FRAME_TYPES.ping, Buffer.of(0, 0, 0, 1)));
    expect(await next()).toMatchObject({ type: FRAME_TYPES.ping, body: Buffer.of(0, 0, 0, 1) });
    expect(streams[1]?.destroyed).toBe(true);
  });

  it.each([
    ["headers that are not compressed", openingFrame(1, Buffer.from("not zlib at all"))],
    ["a frame beyond all measure", Buffer.from("00000001ffffffff", "hex")],
  ])("ends a session with %s", async (_name, bytes) => {
    client.write(bytes);
    await expect(session).rejects.toThrow();
  });

  it("ends its streams with the connection", async () => {
    client.write(await streamOpener()(1, {}));
    await next();
    client.end();
    await session;
    expect(streams[0]?.destroyed).toBe(true);
  });
});
