// A service that notes every request it answers: its log tells which ids it has seen, each line a batch of them.
// With NEXT it passes requests on to another one instead.
import { createServer, request } from "node:http";

const { NEXT = "", APPLICATION_ADDRESS: host, PORT: port = "8080" } = process.env;
const FLUSH_MS = 100;
let ids = [];

const server = createServer((incoming, outgoing) => {
  const id = incoming.headers["x-ledger-id"] ?? "";
  if (NEXT === "") {
    ids.push(id);
    outgoing.end(id);
    return;
  }
  request(NEXT, { method: "POST", headers: { "x-ledger-id": id } }, (answer) => {
    outgoing.writeHead(answer.statusCode);
    answer.pipe(outgoing);
  })
    .on("error", (error) => outgoing.writeHead(502).end(error.message))
    .end();
});

function flush() {
  if (ids.length > 0) process.stdout.write(`ids ${ids.join(" ")}\n`);
  ids = [];
}

setInterval(flush, FLUSH_MS).unref();
process.on("SIGTERM", () => {
  server.close(flush);
  server.closeIdleConnections();
});
server.listen({ port: Number(port), host });
