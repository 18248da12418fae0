import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { connect } from "node:net";
import type { IncomingMessage } from "node:http";
import { authority } from "@bookmesh/stories/certificates";
import { run } from "@bookmesh/stories/run";
import { answerReview } from "./webhook-answers.ts";

/** A webhook that both clusters reach. */
export interface WebhookServer {
  readonly url: string;
  /** For `caBundle`: its authority, and one that has nothing to do with it. */
  readonly caBundle: string;
  readonly otherBundle: string;
  readonly stop: () => void;
}

/**
 * The address of this machine by which the API server of a kubeconfig can call back; `undefined` where that is not known: a
 * server on the loopback address may stand behind a forwarded port. `DIFFERENTIAL_WEBHOOK_ADDRESS` names another.
 */
export async function callbackAddress(kubeconfig: string): Promise<string | undefined> {
  const named = process.env["DIFFERENTIAL_WEBHOOK_ADDRESS"];
  if (named) return named;
  const { stdout } = await run(process.env["KUBECTL"] ?? "kubectl", [
    ...["config", "view", "--minify", "--kubeconfig", kubeconfig],
    ...["-o", "jsonpath={.clusters[0].cluster.server}"],
  ]);
  if (!URL.canParse(stdout)) return undefined;
  const { hostname, port } = new URL(stdout);
  const address = await localAddress(hostname, Number(port || "443"));
  return address?.startsWith("127.") ? undefined : address;
}

function localAddress(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      resolve(socket.localAddress);
      socket.destroy();
    });
    socket.once("error", () => resolve(undefined));
  });
}

/** Serves the cases' webhooks on an address of this machine. */
export async function startWebhookServer(address: string): Promise<WebhookServer> {
  const [own, other] = await Promise.all([authority(), authority()]);
  const { key, cert } = await own.issue(address);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    void reviewOf(request)
      .then((review) => answerReview(request.url?.split("?")[0] ?? "", review))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const listening = server.address();
  const port = typeof listening === "object" && listening ? listening.port : 0;
  return {
    url: `https://${address}:${port}`,
    caBundle: Buffer.from(own.root).toString("base64"),
    otherBundle: Buffer.from(other.root).toString("base64"),
    stop() {
      server.close();
      server.closeAllConnections();
      own.remove();
      other.remove();
    },
  };
}

async function reviewOf(request: IncomingMessage): Promise<Parameters<typeof answerReview>[1]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  // An API server sends nothing else.
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Parameters<typeof answerReview>[1];
}
