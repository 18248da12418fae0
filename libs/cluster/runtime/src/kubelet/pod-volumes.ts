import { chmodSync, mkdirSync } from "node:fs";
import { canonicalJson } from "@bookmesh/reconcile";
import type { Volume } from "@bookmesh/kube-api";
import { replaceFiles } from "./atomic-directory.ts";
import { valueSources, type PodContext } from "./pod-context.ts";
import { isFilled, volumeFiles, type TokenFile } from "./volume-files.ts";

/** The volumes of one pod on disk. */
export interface PodVolumes {
  /** Makes every volume's content what it is now. Throws a sentence where something that is needed is missing. */
  fill(): Promise<void>;
  /** When the next token must be renewed, in milliseconds since the epoch; `undefined` without tokens. */
  renewAtMs(): number | undefined;
}

interface Token {
  readonly token: string;
  readonly renewAtMs: number;
}

/** A token is renewed when so much of its life is over. Source: Kubernetes, "ServiceAccount token volume projection". */
const RENEW_AFTER_FRACTION = 0.8;

/** Who may write to an `emptyDir`, as on Kubernetes. */
const EVERYBODY = 0o777;

type VolumeContext = Pick<PodContext, "node" | "pod" | "directory">;

/** The volumes of the pod behind `context`; nothing is written before `fill`. */
export function podVolumes(context: VolumeContext): PodVolumes {
  const tokens = new Map<string, Token>();
  const written = new Map<string, string>();

  async function tokenFor(volume: Volume, file: TokenFile): Promise<string> {
    const key = `${volume.name}/${file.path}`;
    const present = tokens.get(key);
    const now = context.node.clock.now();
    if (present && present.renewAtMs > now) return present.token;
    const { token, expiresAt } = await requestToken(context, file);
    tokens.set(key, { token, renewAtMs: now + (expiresAt - now) * RENEW_AFTER_FRACTION });
    return token;
  }

  async function fillVolume(volume: Volume): Promise<void> {
    const directory = context.directory.volume(volume.name);
    if (!isFilled(volume)) {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, EVERYBODY); // whatever user the container has
      return;
    }
    const content = volumeFiles(volume, valueSources(context));
    if (!content.ok)
      throw new Error(`MountVolume.SetUp failed for volume "${volume.name}" : ${content.error}`);
    const files = new Map(content.value.files);
    for (const file of content.value.tokens) files.set(file.path, Buffer.from(await tokenFor(volume, file)));
    const digest = canonicalJson([...files].map(([path, bytes]) => [path, bytes.toString("base64")]));
    if (written.get(volume.name) === digest) return;
    replaceFiles(directory, files, modeOf(volume));
    written.set(volume.name, digest);
  }

  return {
    async fill() {
      for (const volume of context.pod().spec.volumes ?? []) await fillVolume(volume);
    },
    renewAtMs() {
      const times = [...tokens.values()].map(({ renewAtMs }) => renewAtMs);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

async function requestToken(
  { node, pod }: VolumeContext,
  { audiences, expirationSeconds }: TokenFile,
): ReturnType<PodContext["node"]["access"]["serviceAccountToken"]> {
  const { metadata, spec } = pod();
  return node.access.serviceAccountToken({
    namespace: metadata.namespace ?? "",
    serviceAccount: spec.serviceAccountName ?? "default",
    audiences,
    expirationSeconds,
    pod: { name: metadata.name, uid: metadata.uid ?? "" },
  });
}

function modeOf({ configMap, secret, downwardAPI, projected }: Volume): number | undefined {
  return (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode;
}
