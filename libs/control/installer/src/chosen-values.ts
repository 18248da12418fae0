import { readFileSync } from "node:fs";
import { installValues, operatorSettings, podNetworkOf, type InstallValues } from "@bookmesh/install";
import { describeIssues, messageOf } from "@bookmesh/kernel";
import { RESOURCES, type ConfigMap } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import { parse } from "yaml";

/** YAML aliases beyond this many are an attack on memory. */
const MAX_ALIASES = 20;

/** What `settings` choose, on the pod network that the cluster publishes, where there is one. Throws where one is wrong. */
export async function chosenValues(settings: readonly string[], client?: KubeClient): Promise<InstallValues> {
  const published = await client?.get<ConfigMap>(RESOURCES.configMaps, {
    namespace: "kube-public",
    name: "pod-network",
  });
  const values = installValues(settings, podNetworkOf(published));
  if (!values.ok) throw new Error(`These settings cannot be used: ${describeIssues(values.error)}.`);
  return values.value;
}

/** The settings in a file with an `IstioOperator`. Throws a sentence that names the file. */
export function readOperatorSettings(path: string): readonly string[] {
  const settings = operatorSettings(readYaml(path));
  if (!settings.ok) throw new Error(`${path} cannot be used: ${describeIssues(settings.error)}.`);
  return settings.value;
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"), { maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
