import { createServer } from "node:net";

/**
 * The service behind the proxies where there is no nginx, `port [address]`: answers every head with the same short JSON.
 */
const [port, address = "127.0.0.1"] = process.argv.slice(2);
const BODY = '{"bookId":1,"name":"Book 1","rating":1}';
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
);

createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  let tail = "";
  socket.on("data", (bytes) => {
    const text = tail + bytes.toString("latin1");
    const heads = text.split("\r\n\r\n");
    tail = heads.pop() ?? "";
    for (let index = 0; index < heads.length; index++) socket.write(ANSWER);
  });
}).listen(Number(port), address);
