import { connect, type Socket } from "node:net";
import { PATH, REQUEST_FIELDS } from "./bench-plan.ts";

/**
 * A load generator in a process of its own: `address port connections seconds ratePerSecond`. A rate of 0 sends the next
 * request as soon as the answer is there. Latency counts from when a request was due, so that a stall is not hidden.
 * Prints `{"requests":n,"p50":us,"p99":us}`.
 */
const [host = "", ...numbers] = process.argv.slice(2);
const [port = 0, connections = 1, seconds = 1, rate = 0] = numbers.map(Number);

const REQUEST = Buffer.from(
  `GET ${PATH} HTTP/1.1\r\nHost: reviews:8080\r\n${REQUEST_FIELDS.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
);
const latenciesUs: number[] = [];
let isOver = false;

async function open(): Promise<Socket> {
  const socket = connect({ port, host, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

/** Sends one request after the other; answers are as short as the backend's, so each comes in one read or few. */
function run(socket: Socket, firstMs: number, intervalMs: number): void {
  let dueMs = firstMs;
  let answer = "";
  const send = () => {
    if (isOver) return;
    const waitMs = intervalMs === 0 ? 0 : dueMs - performance.now();
    if (waitMs > 0.5) setTimeout(send, Math.floor(waitMs));
    else socket.write(REQUEST);
  };
  socket.on("data", (bytes) => {
    answer += bytes.toString("latin1");
    const headEnd = answer.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? NaN);
    if (headEnd < 0 || answer.length < headEnd + 4 + length) return;
    if (!answer.startsWith("HTTP/1.1 200")) throw new Error(`The proxy answered ${answer.slice(0, 40)}.`);
    answer = "";
    const nowMs = performance.now();
    latenciesUs.push((nowMs - Math.min(dueMs, nowMs)) * 1_000);
    dueMs = intervalMs === 0 ? nowMs : dueMs + intervalMs;
    send();
  });
  send();
}

const sockets = await Promise.all(Array.from({ length: connections }, open));
const intervalMs = rate > 0 ? (1_000 * connections) / rate : 0;
const startMs = performance.now() + 5;
sockets.forEach((socket, index) => run(socket, startMs + (intervalMs * index) / connections, intervalMs));
setTimeout(() => {
  isOver = true;
  latenciesUs.sort((one, other) => one - other);
  const at = (share: number) => Math.round(latenciesUs[Math.floor((latenciesUs.length - 1) * share)] ?? 0);
  process.stdout.write(JSON.stringify({ requests: latenciesUs.length, p50: at(0.5), p99: at(0.99) }));
  for (const socket of sockets) socket.destroy();
}, seconds * 1_000);
