import { messageOf } from "@bookmesh/kernel";
import { askOwnSidecar } from "@bookmesh/proxy-node/ask-own-sidecar";

/** `sidecar-proxy request GET /config_dump`: prints what the administration port of this pod's sidecar says. */
export async function runRequest(words: readonly string[]): Promise<number> {
  const [method = "GET", path = "/"] = words;
  try {
    const { status, body } = await askOwnSidecar(method.toUpperCase(), path);
    process.stdout.write(body);
    return status < 400 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}
