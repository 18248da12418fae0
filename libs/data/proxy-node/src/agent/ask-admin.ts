import { request } from "node:http";

/** What the administration port said. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks the administration port of a sidecar; rejects where nobody answers. */
export function askAdmin(question: {
  readonly address: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
}): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const { address, ...rest } = question;
    const call = request({ ...rest, host: address, agent: false });
    call.on("error", reject);
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    call.end();
  });
}
