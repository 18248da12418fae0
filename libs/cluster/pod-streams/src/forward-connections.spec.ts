import { setImmediate as nextTurn } from "node:timers/promises";
import { duplexPair, type Duplex } from "node:stream";
import { eventually, propertyRuns } from "@bookmesh/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forwardConnections } from "./forward-connections.ts";
import { dataFrame, FIN, FRAME_TYPES, readFrames, streamFrame } from "./spdy/frames.ts";
import { streamOpener } from "./spdy/spdy-client.contract.ts";

const CANCEL = Buffer.of(0, 0, 0, 5);
const NOTHING = Buffer.alloc(0);
const PATIENCE = { timeoutMs: 3000, intervalMs: 1 };

/** What the client does at last with a connection, and what the pod does, each known by a port. */
const CLIENT_ENDS = ["end", "reset", "wait"] as const;
const PODS = { echoes: 1, answers: 2, breaks: 3, refuses: 4 } as const;

interface Story {
  readonly pod: keyof typeof PODS;
  readonly chunks: readonly string[];
  readonly clientEnds: (typeof CLIENT_ENDS)[number];
}

/** What the client heard on one stream. */
interface Heard {
  text: string;
  end: "none" | "end" | "reset";
}

/** A client's end of a session with a pod. */
function startSession(connect: (port: number) => Promise<Duplex>) {
  const [client, session] = duplexPair();
  const over = forwardConnections(session, { name: "p", connect });
  const heard = new Map<number, Heard>();
  const listening = (async () => {
    for await (const { type, streamId, flags, body } of readFrames(client)) {
      if (type === FRAME_TYPES.synReply) heard.set(body.readUInt32BE(0), { text: "", end: "none" });
      if (type === FRAME_TYPES.rstStream) end(heard.get(body.readUInt32BE(0)), "reset");
      if (type !== undefined) continue;
      const stream = heard.get(streamId);
      if (stream === undefined) throw new Error(`There is no stream ${streamId}.`);
      stream.text += body.toString("latin1");
      if ((flags & FIN) !== 0) end(stream, "end");
    }
  })();
  return { client, over: Promise.all([over, listening]), heard };
}

function end(stream: Heard | undefined, how: Heard["end"]): void {
  if (stream?.end !== "none") throw new Error("What is over has ended once more.");
  stream.end = how;
}

/** Pods' ends of connections, each with its own manners. */
function startPods() {
  const sockets: Duplex[] = [];
  const connect = async (port: number): Promise<Duplex> => {
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    if (port === PODS.refuses) throw new Error("Nobody listens.");
    const [ours, theirs] = duplexPair();
    sockets.push(ours);
    theirs.on("error", () => undefined);
    if (port === PODS.echoes) theirs.pipe(theirs);
    if (port === PODS.answers) theirs.once("data", () => theirs.end("answer"));
    // A pair does not hand an error on, which a socket's other end hears as a reset.
    if (port === PODS.breaks) theirs.once("data", () => ours.destroy(new Error("ECONNRESET")));
    return ours;
  };
  return { sockets, connect };
}

/** The numbers of a connection's streams. */
interface Streams {
  readonly error: number;
  readonly data: number;
}
type Numbered = Story & Streams;

const streamsOf = (index: number): Streams => ({ error: index * 4 + 1, data: index * 4 + 3 });

/** The frames of a connection, in order: as client-go does it, its stream for errors comes first and says nothing. */
function framesOf(
  { error, data, pod, chunks, clientEnds }: Numbered,
  open: ReturnType<typeof streamOpener>,
): (() => Promise<Buffer> | Buffer)[] {
  const port = String(PODS[pod]);
  const last = {
    end: [() => dataFrame(data, FIN, NOTHING)],
    reset: [() => streamFrame(FRAME_TYPES.rstStream, data, CANCEL)],
    wait: [],
  };
  return [
    () => open(error, { streamType: "error", port, requestID: String(error) }),
    () => dataFrame(error, FIN, NOTHING),
    () => open(data, { streamType: "data", port, requestID: String(error) }),
    ...chunks.map((chunk) => () => dataFrame(data, 0, Buffer.from(chunk))),
    ...last[clientEnds],
  ];
}

/** The bytes of all connections, as they take turns. */
async function interleave(connections: readonly Numbered[], turns: readonly number[]): Promise<Buffer> {
  const open = streamOpener();
  let scripts = connections.map((connection) => framesOf(connection, open));
  const frames: Buffer[] = [];
  for (let turn = 0; scripts.length > 0; turn += 1) {
    const script = scripts[(turns[turn % turns.length] ?? 0) % scripts.length];
    const next = script?.shift();
    if (next !== undefined) frames.push(await next());
    scripts = scripts.filter(({ length }) => length > 0);
  }
  return Buffer.concat(frames);
}

async function sendInPieces(client: Duplex, bytes: Buffer, sizes: readonly number[]): Promise<void> {
  let from = 0;
  for (let piece = 0; from < bytes.length; piece += 1) {
    const size = sizes[piece % sizes.length] ?? bytes.length;
    client.write(bytes.subarray(from, from + size));
    from += size;
    if (size % 2 === 0) await nextTurn();
  }
}

/** What must have been heard of a connection that the client did not give up. */
function expected({ pod, chunks }: Story): { readonly data: Heard; readonly error: Heard } {
  const texts = { echoes: chunks.join(""), answers: "answer", breaks: "", refuses: "" };
  const complaint = pod === "refuses" ? "error forwarding port 4 to pod p: Nobody listens." : "";
  return {
    data: { text: texts[pod], end: pod === "breaks" ? "reset" : "end" },
    error: { text: complaint, end: "end" },
  };
}

/** Of connections where both sides wait for each other nothing is heard, and nothing is wrong. */
function comesToAnEnd({ pod, chunks, clientEnds }: Story): boolean {
  if (clientEnds === "reset" || pod === "refuses") return true;
  return pod === "echoes" ? clientEnds === "end" : chunks.length > 0;
}

const story = fc
  .record<Story>({
    pod: fc.constantFrom("echoes", "answers", "breaks", "refuses"),
    chunks: fc.array(fc.string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" }), { maxLength: 5 }),
    clientEnds: fc.constantFrom(...CLIENT_ENDS),
  })
  .filter(comesToAnEnd);
const turnsToTake = fc.array(fc.nat(100), { minLength: 1, maxLength: 20 });
const pieceSizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 });

describe("forwardConnections", () => {
  it("serves many connections at once, however their frames are mixed and cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(story, { minLength: 1, maxLength: 8 }),
        turnsToTake,
        pieceSizes,
        async (stories, turns, sizes) => {
          const connections = stories.map((each, index) => ({ ...each, ...streamsOf(index) }));
          const pods = startPods();
          const { client, over, heard } = startSession(pods.connect);
          await sendInPieces(client, await interleave(connections, turns), sizes);
          await eventually(() => {
            for (const { error, data, ...each } of connections) {
              const wanted = expected(each);
              expect(heard.get(error)).toEqual(wanted.error);
              if (each.clientEnds !== "reset") expect(heard.get(data)).toEqual(wanted.data);
            }
            expect(pods.sockets.every(({ destroyed }) => destroyed)).toBe(true);
          }, PATIENCE);
          client.end();
          await over;
        },
      ),
      propertyRuns(100),
    );
  });

  it.each([
    ["its client gave up", (client: Duplex) => client.write(streamFrame(FRAME_TYPES.rstStream, 3, CANCEL))],
    ["its client went away from", (client: Duplex) => client.end()],
  ])("closes a connection that %s while the pod was being reached", async (_name, leave) => {
    const reached = Promise.withResolvers<Duplex>();
    const [socket] = duplexPair();
    const { client, heard } = startSession(() => reached.promise);
    const connection = { ...streamsOf(0), pod: "echoes", chunks: ["x"], clientEnds: "wait" } as const;
    client.write(await interleave([connection], [0]));
    await eventually(() => expect(heard.size).toBe(2), PATIENCE);
    leave(client);
    await nextTurn();
    reached.resolve(socket);
    await eventually(() => expect(socket.destroyed).toBe(true), PATIENCE);
  });
});
