import { Agent, request } from "node:http";

/** What to ask, and how often. */
export interface LoadPlan {
  readonly address: string;
  readonly port: number;
  readonly requests: number;
  /** Begins every id; no two loads share it. */
  readonly prefix: string;
  /** After so many requests: whether further ones are wanted. */
  readonly goesOn?: () => boolean;
}

/** What became of a load; sent = answered + lost. */
export interface LoadResult {
  readonly sent: number;
  readonly answered: ReadonlySet<string>;
  readonly lost: readonly string[];
}

const CLIENTS = 8;
/** This client opens a connection for each request; the others keep theirs. */
const CLIENT_WITHOUT_KEEP_ALIVE = 0;
const TIMEOUT_MS = 20_000;

/**
 * Sends requests, each with an id of its own, from clients that never ask again; POSTs, since nobody on their way may
 * repeat one either. A request is answered when a complete 200 with its own id came back; all else is lost.
 */
export async function losslessLoad({
  address,
  port,
  requests,
  prefix,
  goesOn = () => false,
}: LoadPlan): Promise<LoadResult> {
  let sent = 0;
  const answered = new Set<string>();
  const lost: string[] = [];
  const client = async (number: number) => {
    const agent =
      number === CLIENT_WITHOUT_KEEP_ALIVE ? false : new Agent({ keepAlive: true, maxSockets: 1 });
    while (sent < requests || goesOn()) {
      const id = `${prefix}-${(sent += 1)}`;
      const failure = await ask({ address, port, id, agent });
      if (failure === "") answered.add(id);
      else lost.push(`${id}: ${failure}`);
    }
    if (agent) agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return { sent, answered, lost };
}

interface Question {
  readonly address: string;
  readonly port: number;
  readonly id: string;
  readonly agent: Agent | false;
}

/** Why a request is lost; "" where it was answered. */
function ask({ address, port, id, agent }: Question): Promise<string> {
  return new Promise((resolve) => {
    const headers = { "x-ledger-id": id };
    const options = { host: address, port, path: "/", method: "POST", agent, headers, timeout: TIMEOUT_MS };
    const asked = request(options, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => {
        if (!answer.complete) resolve("its answer is cut");
        else if (answer.statusCode !== 200)
          resolve(`status ${answer.statusCode ?? 0}: ${body.slice(0, 200)}`);
        else resolve(body === id ? "" : `the answer of ${body}`);
      });
      answer.on("error", (error) => resolve(error.message));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
}
