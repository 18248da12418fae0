import { err, ok, type Result } from "@bookmesh/kernel";
import type {
  ConfigMap,
  DownwardFile,
  KeyToPath,
  Secret,
  Volume,
  VolumeProjection,
} from "@bookmesh/kube-api";
import { podContainers } from "@bookmesh/pod-network";
import { containerResource, podField } from "./downward.ts";
import { dataOf, type ValueSources } from "./environment.ts";

/** A token that a volume needs, and the file that it becomes. */
export interface TokenFile {
  readonly path: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
}

/** What a volume holds: files whose content is known, and tokens to be had from the API. */
export interface VolumeFiles {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly tokens: readonly TokenFile[];
}

/** The least that TokenRequest grants. */
const MIN_TOKEN_SECONDS = 600;
const DEFAULT_TOKEN_SECONDS = 3600;

/** Says whether the volume's content comes from the API; `emptyDir` and the like are the container's own. */
export function isFilled(volume: Volume): boolean {
  return Boolean(volume.configMap ?? volume.secret ?? volume.downwardAPI ?? volume.projected);
}

/** What `volume` holds now. The error is a sentence about what is missing. */
export function volumeFiles(volume: Volume, sources: ValueSources): Result<VolumeFiles, string> {
  const files = new Map<string, Buffer>();
  const tokens: TokenFile[] = [];
  for (const projection of projectionsOf(volume)) {
    const { serviceAccountToken } = projection;
    if (serviceAccountToken) tokens.push(tokenFile(serviceAccountToken));
    const added = projectedFiles(projection, sources);
    if (!added.ok) return added;
    for (const [path, content] of added.value) {
      if (!isInside(path)) return err(`volume "${volume.name}": path "${path}" must not leave the volume`);
      files.set(path, content);
    }
  }
  return ok({ files, tokens });
}

function projectionsOf({ configMap, secret, downwardAPI, projected }: Volume): readonly VolumeProjection[] {
  if (configMap) return [{ configMap }];
  if (secret) return [{ secret: { ...secret, name: secret.secretName } }];
  if (downwardAPI) return [{ downwardAPI }];
  return projected?.sources ?? [];
}

type Files = readonly (readonly [string, Buffer])[];

function projectedFiles(
  { configMap, secret, downwardAPI }: VolumeProjection,
  sources: ValueSources,
): Result<Files, string> {
  if (configMap) return dataFiles(configMap, sources.configMap(configMap.name), "configmap");
  if (secret) return dataFiles(secret, sources.secret(secret.name), "secret");
  const files: (readonly [string, Buffer])[] = [];
  for (const item of downwardAPI?.items ?? []) {
    const text = downwardText(item, sources);
    if (text === undefined) return err(`unsupported downward API item "${item.path}"`);
    files.push([item.path, Buffer.from(text)]);
  }
  return ok(files);
}

function dataFiles(
  reference: { readonly name: string; readonly items?: readonly KeyToPath[]; readonly optional?: boolean },
  object: ConfigMap | Secret | undefined,
  what: string,
): Result<Files, string> {
  const { name, items, optional = false } = reference;
  if (object === undefined) return optional ? ok([]) : err(`${what} "${name}" not found`);
  const data = dataOf(object);
  if (items === undefined) return ok(Object.entries(data));
  const files: (readonly [string, Buffer])[] = [];
  for (const { key, path } of items) {
    const content = data[key];
    if (content) files.push([path, content]);
    else if (!optional) return err(`${what} "${name}" has no key "${key}"`);
  }
  return ok(files);
}

function downwardText(
  { fieldRef, resourceFieldRef }: DownwardFile,
  sources: ValueSources,
): string | undefined {
  if (fieldRef) return podField(sources.pod, fieldRef.fieldPath);
  const containers = podContainers(sources.pod.spec).map(({ container }) => container);
  const container = containers.find(({ name }) => name === resourceFieldRef?.containerName);
  return resourceFieldRef && container
    ? containerResource(container, resourceFieldRef, sources.capacity)
    : undefined;
}

function tokenFile({
  path,
  audience,
  expirationSeconds,
}: NonNullable<VolumeProjection["serviceAccountToken"]>): TokenFile {
  return {
    path,
    audiences: audience === undefined ? [] : [audience],
    expirationSeconds: Math.max(MIN_TOKEN_SECONDS, expirationSeconds ?? DEFAULT_TOKEN_SECONDS),
  };
}

/** A relative path without a step upwards. */
function isInside(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.split("/").includes("..");
}
