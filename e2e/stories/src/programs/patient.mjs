// A service that is ill in the way that the path asks for (with "x-ill: v2" in that version alone), and tells what it
// has seen. With NEXT it is a relay instead: it sends each request on as it came, so that a story's headers reach the
// sidecar between the two.
import { createServer, request } from "node:http";

const { NEXT = "", VERSION = "", APPLICATION_ADDRESS: host, PORT: port = "8080" } = process.env;
/** By path: how many requests came, and how many callers hung up before their answer was ready. */
const seen = { arrived: {}, left: {} };

const AILMENTS = {
  status: (outgoing, code) => outgoing.writeHead(Number(code)).end(`status ${code}`),
  wait: (outgoing, ms) => setTimeout(() => outgoing.end(`waited ${ms}`), Number(ms)),
  never: () => undefined,
  half(outgoing) {
    outgoing.writeHead(200, { "content-length": "100" });
    outgoing.write("only half");
    setTimeout(() => outgoing.destroy(), 50);
  },
  // Some bytes, and then silence.
  stalls(outgoing) {
    outgoing.writeHead(200);
    outgoing.write("and then");
  },
  // An answer before the body has come.
  early: (outgoing) => outgoing.writeHead(413, { connection: "close" }).end("too much"),
  twice(outgoing) {
    outgoing.end("once");
    setTimeout(() => outgoing.socket?.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntwice"), 20);
  },
  seen: (outgoing) => outgoing.end(JSON.stringify(seen)),
};

function beIll(incoming, outgoing) {
  const [, asked, argument] = incoming.url.split("?", 1)[0].split("/");
  const ailment = [VERSION, undefined].includes(incoming.headers["x-ill"]) ? asked : "";
  if (ailment === "seen") {
    AILMENTS.seen(outgoing);
    return;
  }
  seen.arrived[incoming.url] = (seen.arrived[incoming.url] ?? 0) + 1;
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) seen.left[incoming.url] = (seen.left[incoming.url] ?? 0) + 1;
  });
  if (ailment === "early") {
    AILMENTS.early(outgoing);
    return;
  }
  let bodyBytes = 0;
  incoming.on("data", (chunk) => (bodyBytes += chunk.length));
  incoming.on("end", () => {
    if (AILMENTS[ailment]) AILMENTS[ailment](outgoing, argument);
    else outgoing.end(JSON.stringify({ version: VERSION, bodyBytes, headers: incoming.headers }));
  });
}

function relay(incoming, outgoing) {
  const { host: _, connection: __, ...headers } = incoming.headers;
  const onward = request(NEXT + incoming.url, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
    answer.on("error", () => outgoing.destroy());
  });
  onward.on("error", (error) =>
    outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end(error.message),
  );
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

const server = createServer(NEXT === "" ? beIll : relay);
process.on("SIGTERM", () => {
  server.close();
  server.closeIdleConnections();
});
server.listen({ port: Number(port), host });
