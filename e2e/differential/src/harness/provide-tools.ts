import { join } from "node:path";
import { goProgram } from "@bookmesh/stories/go-program";
import { hasProgram } from "@bookmesh/testkit";
import { callbackAddress, startWebhookServer } from "../webhooks/webhook-server.ts";
import type { Provided, Tool } from "./comparison.ts";

/** What cases need beside kubectl, and the end of what runs for it. */
export interface Tools {
  readonly tools: Readonly<Record<Tool, Provided>>;
  readonly stop: () => void;
}

/** Builds the program on client-go and serves the webhook, where this machine can; says why where it cannot. */
export async function provideTools(kubeconfig: string): Promise<Tools> {
  const address = await callbackAddress(kubeconfig);
  if (address === undefined) {
    const missing =
      "It is not known how the cluster reaches this machine: name an address in DIFFERENTIAL_WEBHOOK_ADDRESS.";
    return { tools: { clients: provideClients(), webhook: { missing } }, stop: () => undefined };
  }
  const { url, caBundle, otherBundle, stop } = await startWebhookServer(address);
  const variables = {
    WEBHOOK_URL: url,
    WEBHOOK_HOST: address,
    WEBHOOK_CA: caBundle,
    WEBHOOK_OTHER_CA: otherBundle,
  };
  return { tools: { clients: provideClients(), webhook: { variables } }, stop };
}

function provideClients(): Provided {
  if (!hasProgram("go"))
    return { missing: "There is no go on the path to build the program on client-go with." };
  return { variables: { CLIENTS: goProgram(join(import.meta.dirname, "../programs/clients"), ".") } };
}
