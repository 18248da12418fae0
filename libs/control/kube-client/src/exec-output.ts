import { Writable } from "node:stream";
import { execInPod, type ExecTarget } from "./exec-in-pod.ts";
import type { KubeConfig } from "./kube-config.ts";

/** What a command left behind. */
export interface ExecOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A configuration dump of a large mesh is some tens of megabytes. */
const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

/** Runs a command without input and keeps what it writes. Fails as `execInPod`, and where it writes too much. */
export async function execOutput(config: KubeConfig, target: ExecTarget): Promise<ExecOutput> {
  const stdout = collector();
  const stderr = collector();
  const exitCode = await execInPod(config, target, { stdout: stdout.stream, stderr: stderr.stream });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk);
      done();
    },
  });
  return {
    stream,
    text() {
      if (bytes > MAX_OUTPUT_BYTES) throw new Error(`The command wrote more than ${MAX_OUTPUT_BYTES} bytes.`);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}
