import type { ConfigIssue, Result } from "@bookmesh/kernel";
import { err, ok } from "@bookmesh/kernel";
import type { PodNetwork } from "./pod-network.ts";

/** The sets of choices that an installation begins with. */
export const PROFILES = ["demo", "default", "minimal"] as const;

/** One of them. */
export type Profile = (typeof PROFILES)[number];

/** Everything that the mesh's own objects depend on. */
export interface InstallValues {
  readonly profile: Profile;
  /** Registry and folder of our images: `bookmesh`. */
  readonly hub: string;
  readonly tag: string;
  /** How hosts are chosen where no rule says it. */
  readonly defaultLoadBalancer: "ROUND_ROBIN" | "LEAST_REQUEST";
  readonly trustDomain: string;
  /** Where sidecars write their access log; empty: nowhere. */
  readonly accessLogFile: string;
  /** Sidecars as init containers that stay (Kubernetes' native sidecars). */
  readonly nativeSidecars: boolean;
  /** Images that the injector replaces by others in the pods that it sees. */
  readonly imageOverrides: Readonly<Record<string, string>>;
  /** What the cluster says of its pod network; absent: traffic is redirected to the sidecar. */
  readonly podNetwork?: PodNetwork;
}

/** The version that is installed where no tag is set. */
export const DEFAULT_TAG = "0.1.0";

/** Where the article's images were. They are there no longer: its profile runs ours of the same names. */
const ARTICLE_HUB = "quay.io/lordofthejars";
const ARTICLE_IMAGES = ["book-service:v1.0.0", "rating-service:v1.0.0", "rating-service:v2.0.0"];

/** The settings that `--set` knows, each with what it does to the values. */
const SETTINGS = {
  profile: (value) => choice(value, PROFILES, () => ({})),
  hub: (value) => text(value, (hub) => ({ hub })),
  tag: (value) => text(value, (tag) => ({ tag })),
  "meshConfig.defaultLoadBalancer": (value) =>
    choice(value, ["ROUND_ROBIN", "LEAST_REQUEST"], (defaultLoadBalancer) => ({ defaultLoadBalancer })),
  "meshConfig.trustDomain": (value) => text(value, (trustDomain) => ({ trustDomain })),
  "meshConfig.accessLogFile": (accessLogFile) => ok({ accessLogFile }),
  "values.pilot.env.ENABLE_NATIVE_SIDECARS": (value) =>
    choice(value, ["true", "false"], (enabled) => ({ nativeSidecars: enabled === "true" })),
} as const satisfies Record<string, (value: string) => Result<Partial<InstallValues>, string>>;

/** What stands behind each `--set`, as `path=value`, over the profile that they name ("default" if none does). */
export function installValues(
  settings: readonly string[],
  podNetwork?: PodNetwork,
): Result<InstallValues, readonly ConfigIssue[]> {
  const read = settings.map(readSetting);
  const issues = read.flatMap((setting) => (setting.ok ? [] : [setting.error]));
  if (issues.length > 0) return err(issues);
  const profile = profileOf(settings);
  const chosen = read.reduce(
    (values, setting) => (setting.ok ? { ...values, ...setting.value } : values),
    profileValues(profile),
  );
  return ok({
    ...chosen,
    imageOverrides: profile === "demo" ? articleImages(chosen.hub) : {},
    ...(podNetwork && { podNetwork }),
  });
}

function profileValues(profile: Profile): InstallValues {
  return {
    profile,
    hub: "bookmesh",
    tag: DEFAULT_TAG,
    defaultLoadBalancer: profile === "demo" ? "ROUND_ROBIN" : "LEAST_REQUEST",
    trustDomain: "cluster.local",
    accessLogFile: profile === "demo" ? "/dev/stdout" : "",
    nativeSidecars: profile === "default",
    imageOverrides: {},
  };
}

function articleImages(hub: string): Readonly<Record<string, string>> {
  return Object.fromEntries(ARTICLE_IMAGES.map((image) => [`${ARTICLE_HUB}/${image}`, `${hub}/${image}`]));
}

function readSetting(setting: string): Result<Partial<InstallValues>, ConfigIssue> {
  const [path, value] = splitSetting(setting);
  if (value === undefined) return err({ path: setting, problem: "has no value; write path=value" });
  if (!isSetting(path)) {
    const known = Object.keys(SETTINGS).join(", ");
    return err({ path, problem: `is not a setting; known are ${known}` });
  }
  const result = SETTINGS[path](value);
  return result.ok ? result : err({ path, problem: result.error });
}

function profileOf(settings: readonly string[]): Profile {
  const named = settings.map(splitSetting).findLast(([path]) => path === "profile")?.[1];
  return PROFILES.find((profile) => profile === named) ?? "default";
}

function splitSetting(setting: string): readonly [string, string | undefined] {
  const at = setting.indexOf("=");
  return at < 0 ? [setting, undefined] : [setting.slice(0, at).trim(), setting.slice(at + 1).trim()];
}

function isSetting(path: string): path is keyof typeof SETTINGS {
  return Object.hasOwn(SETTINGS, path);
}

function choice<Name extends string>(
  value: string,
  names: readonly Name[],
  change: (name: Name) => Partial<InstallValues>,
): Result<Partial<InstallValues>, string> {
  const name = names.find((candidate) => candidate === value);
  return name === undefined ? err(`must be one of ${names.join(", ")}, not "${value}"`) : ok(change(name));
}

function text(
  value: string,
  change: (value: string) => Partial<InstallValues>,
): Result<Partial<InstallValues>, string> {
  return value === "" ? err("must not be empty") : ok(change(value));
}
