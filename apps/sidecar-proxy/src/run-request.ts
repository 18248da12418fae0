import { askAdmin, readPodEnvironment, SIDECAR_PORTS } from "@bookmesh/proxy-node";

/** `sidecar-proxy request GET /config_dump`: prints what the administration port of this pod's sidecar says. */
export async function runRequest(words: readonly string[]): Promise<number> {
  const [method = "GET", path = "/"] = words;
  const { localAddress } = readPodEnvironment(process.env);
  try {
    const question = { address: localAddress, port: SIDECAR_PORTS.admin, method: method.toUpperCase(), path };
    const { status, body } = await askAdmin(question);
    process.stdout.write(body);
    return status < 400 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`The sidecar does not answer on ${localAddress}: ${String(error)}\n`);
    return 1;
  }
}
