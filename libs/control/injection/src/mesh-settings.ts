import { parse } from "yaml";
import { describeIssues, err, ok, type Result, messageOf } from "@bookmesh/kernel";
import type { ConfigMap } from "@bookmesh/kube-api";
import { DEFAULT_MESH_CONFIG, meshConfigSchema, type MeshConfig } from "@bookmesh/mesh-api";
import { DEFAULT_INJECTOR_VALUES, readInjectorValues, type InjectorValues } from "./injector-values.ts";

/** What the installation decided, as its ConfigMaps say. */
export interface MeshSettings {
  readonly meshConfig: MeshConfig;
  readonly injectorValues: InjectorValues;
}

/** What holds as long as there are no ConfigMaps. */
export const DEFAULT_MESH_SETTINGS: MeshSettings = {
  meshConfig: DEFAULT_MESH_CONFIG,
  injectorValues: DEFAULT_INJECTOR_VALUES,
};

/** YAML aliases beyond this many are an attack, not a configuration. */
const MAX_ALIASES = 20;

/** Reads the mesh's ConfigMaps. What cannot be read keeps the value of `before`; `problems` are sentences. */
export function readMeshSettings(
  maps: readonly ConfigMap[],
  before: MeshSettings,
): { readonly settings: MeshSettings; readonly problems: readonly string[] } {
  const textOf = (name: string, key: string) =>
    maps.find(({ metadata }) => metadata.name === name)?.data?.[key];
  const meshConfig = readMeshConfig(textOf("istio", "mesh"));
  const values = readInjectorValues(textOf("istio-sidecar-injector", "values"));
  return {
    settings: {
      meshConfig: meshConfig.ok ? meshConfig.value : before.meshConfig,
      injectorValues: values.ok ? values.value : before.injectorValues,
    },
    problems: [
      ...(meshConfig.ok ? [] : [`ConfigMap istio, key "mesh": ${meshConfig.error}`]),
      ...(values.ok ? [] : [`ConfigMap istio-sidecar-injector, key "values": ${values.error}`]),
    ],
  };
}

/** Reads the mesh configuration's YAML; the reason of a failure is a sentence without its subject. */
export function readMeshConfig(yaml: string | undefined): Result<MeshConfig, string> {
  if (yaml === undefined) return ok(DEFAULT_MESH_CONFIG);
  let document: unknown;
  try {
    document = parse(yaml, { maxAliasCount: MAX_ALIASES, merge: false });
  } catch (error) {
    return err(`is not YAML: ${messageOf(error)}`);
  }
  const read = meshConfigSchema.safeParse(document ?? {});
  if (read.success) return ok(read.data);
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.join("."), problem: message }));
  return err(describeIssues(issues));
}
