import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { connect as connectTls } from "node:tls";
import { propertyRuns } from "@bookmesh/testkit";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_HELLO_BYTES, readClientHello } from "./client-hello.ts";

/** What OpenSSL sends to ask for a name; "": for none. */
async function helloFor(servername: string): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const raw = connect(port, "127.0.0.1");
  const client = connectTls({ socket: raw, ...(servername !== "" && { servername }) });
  client.on("error", () => undefined);
  const [accepted] = (await once(server, "connection")) as [ReturnType<typeof connect>];
  const [bytes] = (await once(accepted, "data")) as [Buffer];
  raw.destroy();
  accepted.destroy();
  server.close();
  return bytes;
}

/** A handshake message in records of at most `size` bytes. */
function inRecords(message: Uint8Array, size: number): Buffer {
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.of(22, 3, 1, part.length >> 8, part.length & 255), part);
  }
  return Buffer.concat(records);
}

/** A ClientHello with these extensions, each a type and its content. */
function helloWith(...extensions: readonly (readonly [type: number, content: readonly number[]])[]): Buffer {
  const all = extensions.flatMap(([type, content]) => [0, type, 0, content.length, ...content]);
  const body = [3, 3, ...Array<number>(32).fill(7), 0, 0, 2, 0x13, 0x01, 1, 0, 0, all.length, ...all];
  return inRecords(Buffer.from([1, 0, body.length >> 8, body.length & 255, ...body]), 16_384);
}

function serverName(name: string): readonly [number, readonly number[]] {
  const octets = [...Buffer.from(name, "latin1")];
  return [0, [0, octets.length + 3, 0, 0, octets.length, ...octets]];
}

let real: Buffer;

beforeAll(async () => {
  real = await helloFor("Rating.Example");
});

describe("a ClientHello", () => {
  it("of OpenSSL names its server in lower case", async () => {
    expect(readClientHello(real)).toEqual({ kind: "hello", serverName: "rating.example" });
    expect(readClientHello(await helloFor(""))).toEqual({ kind: "hello", serverName: "" });
  });

  it("may be followed by other bytes, and come in several records", () => {
    const followed = Buffer.concat([real, Buffer.from("more")]);
    expect(readClientHello(followed)).toMatchObject({ serverName: "rating.example" });
    const parts = inRecords(real.subarray(5), Math.ceil(real.length / 4));
    expect(readClientHello(parts)).toMatchObject({ serverName: "rating.example" });
  });

  it("is waited for until it is whole", () => {
    for (let end = 0; end < real.length; end++)
      expect(readClientHello(real.subarray(0, end))).toEqual({ kind: "incomplete" });
  });

  it.each([
    { name: "a request of HTTP", bytes: Buffer.from("GET / HTTP/1.1\r\n") },
    { name: "a TLS alert", bytes: Buffer.of(21, 3, 1, 0, 2, 2, 40) },
  ])("is not $name", ({ bytes }) => {
    expect(readClientHello(bytes)).toEqual({ kind: "other" });
  });

  it.each([
    { name: "another version", bytes: Buffer.of(22, 2), problem: "A record is of no version of TLS." },
    { name: "an empty record", bytes: Buffer.of(22, 3, 1, 0, 0), problem: "A record is empty." },
    {
      name: "another message",
      bytes: Buffer.of(22, 3, 1, 0, 4, 2, 0, 0, 0),
      problem: "It begins with another message than a ClientHello.",
    },
    {
      name: "a length beyond all measure",
      bytes: Buffer.of(22, 3, 1, 0, 4, 1, 255, 255, 255),
      problem: `It is longer than ${MAX_HELLO_BYTES} bytes.`,
    },
    {
      name: "crumbs",
      bytes: inRecords(Buffer.from([1, 0, 1, 0, ...Array<number>(30).fill(0)]), 1),
      problem: "It is cut into more than 16 records.",
    },
    {
      name: "an interrupting record",
      bytes: Buffer.of(22, 3, 1, 0, 1, 1, 21, 3, 1, 0, 1, 1),
      problem: "A record that is no handshake interrupts it.",
    },
    {
      name: "a name twice",
      bytes: helloWith(serverName("a"), serverName("a")),
      problem: "It has the extension 0 twice.",
    },
    {
      name: "a name with an octet of NUL",
      bytes: helloWith(serverName("a\0b")),
      problem: "Its server name is no name of a host.",
    },
    {
      name: "an empty name",
      bytes: helloWith(serverName("")),
      problem: "Its server name is no name of a host.",
    },
    {
      name: "a name with a dot at its end",
      bytes: helloWith(serverName("a.")),
      problem: "Its server name is no name of a host.",
    },
    {
      name: "a length beyond its end",
      bytes: helloWith([0, [0, 200, 0, 0, 1, 97]]),
      problem: "A length in it reaches beyond its end.",
    },
  ])("with $name is refused", ({ bytes, problem }) => {
    expect(readClientHello(bytes)).toEqual({ kind: "malformed", problem });
  });
});

describe("any bytes", () => {
  const damaged = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });

  it("are read as something, whatever they are, and the same when they are cut", () => {
    fc.assert(
      fc.property(damaged, fc.nat(), (changes, cut) => {
        const bytes = Buffer.from(real);
        for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
        const whole = readClientHello(bytes);
        const part = readClientHello(bytes.subarray(0, cut % bytes.length));
        if (part.kind !== "incomplete") expect(part).toEqual(whole);
      }),
      propertyRuns(3_000),
    );
  });

  it("never make it wait for more than it takes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const endless = Buffer.concat([Buffer.of(22, 3, 1), noise, Buffer.alloc(2 * MAX_HELLO_BYTES, 22)]);
        expect(readClientHello(endless).kind).not.toBe("incomplete");
      }),
      propertyRuns(500),
    );
  });
});
