import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import {
  DEFAULT_MESH_SETTINGS,
  injectWorkload,
  readMeshSettings,
  type InjectionSettings,
} from "@bookmesh/injection";
import { MESH_NAMESPACE } from "@bookmesh/install";
import { RESOURCES, type ConfigMap, type KubeObject } from "@bookmesh/kube-api";
import { parse, stringify } from "yaml";
import { warn, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";
import { VERSION } from "../version.ts";

/** The options of `bookmesh kube-inject`. */
export interface KubeInjectOptions extends ClusterOptions {
  readonly filename: string;
  readonly output?: string;
  readonly meshConfigFile?: string;
  readonly valuesFile?: string;
}

/** `bookmesh kube-inject -f FILE`: what the webhook would do, done in a file; all else stays letter for letter. */
export async function kubeInject(io: ConsoleIo, options: KubeInjectOptions): Promise<void> {
  const source = options.filename === "-" ? await text(io.stdin) : readText(options.filename);
  const settings = await injectionSettings(io, options);
  let refusals = 0;
  const documents = source.split(/^---(?=\s|$)/m).map((document) => {
    const object = readObject(document, options.filename);
    if (object === undefined) return document;
    const injected = injectWorkload(object, settings);
    for (const sentence of [...injected.notes, ...injected.problems]) warn(io, sentence);
    refusals += injected.problems.length;
    return injected.object === object ? document : `\n${stringify(injected.object, YAML_STYLE)}`;
  });
  if (refusals > 0) throw new Ended(EXIT.failure);
  const result = documents.join("---").replace(/^\n/, "");
  if (options.output === undefined) io.stdout.write(result);
  else writeFileSync(options.output, result);
}

const YAML_STYLE = { aliasDuplicateObjects: false, lineWidth: 0 } as const;
/** YAML aliases beyond this many are an attack, not a manifest. */
const MAX_ALIASES = 100;

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`The file "${path}" cannot be read.`, { cause });
  }
}

/** The object of a document, where it is one that Kubernetes could know. */
function readObject(document: string, source: string): KubeObject | undefined {
  let value: unknown;
  try {
    value = parse(document, { maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new Error(`${source} is not YAML: ${String(cause)}`, { cause });
  }
  if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
  // Just checked; what is left of the shape is the API server's to judge.
  const object = value as KubeObject;
  return object.kind === "List" || "metadata" in value ? object : undefined;
}

async function injectionSettings(io: ConsoleIo, options: KubeInjectOptions): Promise<InjectionSettings> {
  const { settings, problems } = readMeshSettings(await configMaps(io, options), DEFAULT_MESH_SETTINGS);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`The mesh's settings cannot be used. ${problem}`);
  return {
    namespace: options.namespace ?? "default",
    systemNamespace: MESH_NAMESPACE,
    meshConfig: settings.meshConfig,
    values: settings.injectorValues,
    clusterId: "Kubernetes",
    revision: "default",
    version: VERSION,
  };
}

/** The mesh's ConfigMaps: each from its file where one is named, else from the cluster. */
async function configMaps(io: ConsoleIo, options: KubeInjectOptions): Promise<readonly ConfigMap[]> {
  const sources = [
    { name: "istio", key: "mesh", file: options.meshConfigFile },
    { name: "istio-sidecar-injector", key: "values", file: options.valuesFile },
  ] as const;
  return Promise.all(
    sources.map(async ({ name, key, file }) =>
      file === undefined ? fromCluster(io, options, name) : configMap(name, { [key]: readText(file) }),
    ),
  );
}

async function fromCluster(io: ConsoleIo, options: ClusterOptions, name: string): Promise<ConfigMap> {
  const { client } = openSession(io, options);
  const map = await client.get(RESOURCES.configMaps, { namespace: MESH_NAMESPACE, name });
  if (map !== undefined) return map as ConfigMap; // what this resource holds
  throw new Error(
    `ConfigMap ${name} of namespace ${MESH_NAMESPACE} is not there; install the mesh, or name the files with --meshConfigFile and --valuesFile.`,
  );
}

function configMap(name: string, data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: MESH_NAMESPACE }, data };
}
