import { meshObjects } from "@bookmesh/install";
import { chosenValues } from "@bookmesh/installer";
import type { ConsoleIo } from "../console-io.ts";
import { printDocument } from "../output/print-document.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";
import { settingsOf, type ChoiceOptions } from "./install.ts";

/** The options of `bookmesh manifest generate`. */
export interface ManifestOptions extends ClusterOptions, ChoiceOptions {
  readonly clusterSpecific?: boolean;
}

/** `bookmesh manifest generate`: what `install` would apply, without asking any cluster unless told to. */
export async function generateManifest(io: ConsoleIo, options: ManifestOptions): Promise<void> {
  const client = options.clusterSpecific ? openSession(io, options).client : undefined;
  for (const object of meshObjects(await chosenValues(settingsOf(options), client))) {
    io.stdout.write("---\n");
    printDocument(io, object, "yaml");
  }
}
