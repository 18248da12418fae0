import { connect } from "node:net";
import { parentPort } from "node:worker_threads";

/** What `crowd.ts` is told. */
export interface CrowdOrder {
  readonly port: number;
  readonly clients: number;
  /** One integer: 1 as soon as every client is connected and has handed its request to the kernel. */
  readonly state: Int32Array;
}

const REQUEST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";

/**
 * A program for a worker: clients with a connection each, who send a request on it at once. What they have read when
 * their connections are gone is posted. They get through to the kernel while the thread that is to serve them is busy.
 */
parentPort?.once("message", (order: CrowdOrder) => {
  let sent = 0;
  const onSent = () => {
    if (++sent < order.clients) return;
    Atomics.store(order.state, 0, 1);
    Atomics.notify(order.state, 0);
  };
  const asking = Array.from({ length: order.clients }, () => ask(order.port, onSent));
  void Promise.all(asking).then((texts) => parentPort?.postMessage(texts));
});

function ask(port: number, onSent: () => void): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.write(REQUEST, onSent);
    socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
    socket.on("error", (error) => (text += error.message));
    socket.on("close", () => resolve(text));
  });
}
