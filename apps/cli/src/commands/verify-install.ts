import { chosenValues, verifyMesh, type Verified } from "@bookmesh/installer";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";
import { settingsOf, type ChoiceOptions } from "./install.ts";

/** `bookmesh verify-install`: a line for each object of the mesh, in istioctl's words. */
export async function verifyInstall(io: ConsoleIo, options: ClusterOptions & ChoiceOptions): Promise<void> {
  const { client } = openSession(io, options);
  const settings = settingsOf(options);
  const values = settings.length > 0 ? await chosenValues(settings, client) : undefined;
  const verified = await verifyMesh(client, values);
  for (const one of verified) report(io, one);
  const count = (kind: string) => verified.filter(({ object }) => object.kind === kind).length;
  print(io, `Checked ${count("CustomResourceDefinition")} custom resource definitions`);
  print(io, `Checked ${count("Deployment")} Istio Deployments`);
  const wrong = verified.filter(({ problem }) => problem !== undefined).length;
  if (wrong > 0) {
    warn(io, `error: ${wrong} of ${verified.length} objects of the mesh are missing or not ready.`);
    throw new Ended(EXIT.failure);
  }
  print(io, `${colors(io).green("✔")} Istio is installed and verified successfully`);
}

function report(io: ConsoleIo, { object: { kind, metadata }, problem }: Verified): void {
  const name = [metadata.name, metadata.namespace].filter((part) => part !== undefined).join(".");
  const paint = colors(io);
  if (problem === undefined) print(io, `${paint.green("✔")} ${kind}: ${name} checked successfully`);
  else print(io, `${paint.red("✘")} ${kind}: ${name}: ${problem}`);
}
