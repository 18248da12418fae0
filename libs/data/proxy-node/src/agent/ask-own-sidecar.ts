import { messageOf } from "@bookmesh/kernel";
import { askAdmin, type AdminAnswer } from "./ask-admin.ts";
import { readPodEnvironment } from "./pod-environment.ts";
import { SIDECAR_PORTS } from "./sidecar-ports.ts";

/**
 * Asks the administration port of this pod's sidecar; rejects, naming its address, where nobody answers.
 *
 * It is an entrance of its own to this library: a kubelet waits for the program that asks, which therefore loads
 * nothing else of a sidecar.
 */
export async function askOwnSidecar(method: string, path: string): Promise<AdminAnswer> {
  const { localAddress: address } = readPodEnvironment(process.env);
  try {
    return await askAdmin({ address, port: SIDECAR_PORTS.admin, method, path });
  } catch (cause) {
    throw new Error(`The sidecar does not answer on ${address}: ${messageOf(cause)}`, { cause });
  }
}
