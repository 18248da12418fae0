import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { BUSY, GET, hostOn, loadOf, OK, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, clusterOf, rawClient, recorder, retryOn } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const LARGE = 4_000_000;

/** A POST with this many bytes, all of them x. */
function post(bytes: number): string {
  return `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${"x".repeat(bytes)}`;
}

/** What came of a body on each connection. */
const bodiesOf = (received: readonly string[]) =>
  received.map((bytes) => bytes.slice(bytes.indexOf("\r\n\r\n") + 4).length);

describe("an upstream that answers half", () => {
  it.each([
    { what: "of a head", half: "HTTP/1.1 200 O", answer: /503 [^]*connection termination$/, flag: "UC" },
    {
      what: "of a length",
      half: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
      answer: /half$/,
      flag: "UC",
    },
    {
      what: "of chunks",
      half: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
      answer: /half\r\n$/,
      flag: "UC",
    },
  ])("$what is not taken for whole ($flag)", async ({ half, answer, flag }) => {
    const upstream = await recorder(cleanup, (socket) => void socket.end(half));
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ connectFailure: true }),
    });
    client.send(GET);
    await client.sees(answer);
    await eventually(() => expect(log).toMatchObject([{ responseFlags: flag }]));
    expect(upstream.received).toHaveLength(1);
  });

  it("is tried again as long as nothing of an answer has passed", async () => {
    const upstream = await recorder(cleanup, (socket, _received, connection) => {
      if (connection === 0) socket.end("HTTP/1.1 200 O");
      else socket.write(OK);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ reset: true }),
    });
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 200 [^]*ok$/);
  });
});

describe("an upstream that answers before it has the body", () => {
  it("has its answer passed on, and gets nothing of the rest twice", async () => {
    const upstream = await recorder(cleanup, (socket, received, connection) => {
      const isEarly = connection === 0 && received.length < 100_000;
      if (isEarly) socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge");
      else if (connection > 0) socket.write(OK);
    });
    const { client, log, port } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    client.send(post(LARGE).slice(0, 50_000));
    await client.sees(/^HTTP\/1\.1 413 [^]*large$/);
    await client.ended();
    expect(log).toMatchObject([{ responseCode: 413, responseFlags: "-" }]);
    const next = await rawClient(cleanup, port);
    next.send(GET);
    await next.sees(/ok$/);
    expect(upstream.received).toHaveLength(2); // the first connection was half-way through a request
  });
});

describe("an upstream that answers twice", () => {
  it("never has its second answer taken for the next one", async () => {
    const upstream = await recorder(cleanup, (socket) => {
      socket.write(OK);
      setImmediate(() => socket.write(OK.replace("ok", "no")));
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    for (let count = 1; count <= 10; count++) {
      client.send(GET);
      await eventually(() => expect(client.text.match(/\r\n\r\n(ok|no)|503/g)).toHaveLength(count));
    }
    expect(client.text).not.toContain("no");
  });
});

describe("a large body", () => {
  it("is sent once where its host fails, and never again (503)", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.length > 200_000) socket.resetAndDestroy();
    });
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    client.send(post(LARGE));
    await client.sees(/^HTTP\/1\.1 503 /);
    expect(log).toMatchObject([{ attemptCount: 1, responseFlags: "UC" }]);
    expect(upstream.received).toHaveLength(1);
  });

  it("passes whole where its host takes it", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (bodiesOf([received])[0] === LARGE) socket.write(OK);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    client.send(post(LARGE));
    await client.sees(/ok$/);
    expect(bodiesOf(upstream.received)).toEqual([LARGE]);
  });

  it("that fits is sent again whole, from its first byte", async () => {
    const upstream = await recorder(cleanup, (socket, received, connection) => {
      if (received.endsWith("x")) socket.write(connection === 0 ? BUSY : OK);
    });
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(post(1_000));
    await scene.client.sees(/ok$/);
    expect(bodiesOf(upstream.received)).toEqual([1_000, 1_000]);
    expect(loadOf(scene)).toMatchObject({ retries: 1, activeRequests: 0 });
  });
});
