import { err, ok, type ConfigIssue, type Result } from "@bookmesh/kernel";
import { nearestName } from "./nearest-name.ts";
import type { PodNetwork } from "./pod-network.ts";
import {
  chartPath,
  PROFILES,
  profileValues,
  SETTING_NAMES,
  SETTINGS,
  type Profile,
  type Setting,
  type SettingValues,
} from "./settings.ts";
import { oneOf } from "./value-types.ts";

/** Everything that the mesh's own objects depend on. */
export interface InstallValues extends SettingValues {
  /** What the cluster says of its pod network; absent: traffic is redirected to the sidecar. */
  readonly podNetwork?: PodNetwork;
}

/** What stands behind each `--set`, as `path=value`, over the profile that they name ("default" if none does). */
export function installValues(
  settings: readonly string[],
  podNetwork?: PodNetwork,
): Result<InstallValues, readonly ConfigIssue[]> {
  const read = settings.map(readSetting);
  const issues = read.flatMap((setting) => (setting.ok ? [] : [setting.error]));
  if (issues.length > 0) return err(issues);
  const chosen = read.map((setting) => (setting.ok ? setting.value : {}));
  return ok(Object.assign({}, profileValues(profileOf(settings)), ...chosen, podNetwork && { podNetwork }));
}

function profileOf(settings: readonly string[]): Profile {
  const named = settings.map(splitSetting).findLast(([path]) => path === "profile")?.[1];
  return PROFILES.find((profile) => profile === named) ?? "default";
}

function readSetting(setting: string): Result<Partial<SettingValues>, ConfigIssue> {
  const [path, text] = splitSetting(setting);
  if (text === undefined) return err({ path: setting, problem: "has no value; write path=value" });
  const name = SETTING_NAMES.find((candidate) => namesOf(SETTINGS[candidate].path).includes(path));
  if (name === undefined && path !== "profile") return err({ path, problem: unknownSetting(path) });
  const type: Setting["type"] = name === undefined ? oneOf(...PROFILES) : SETTINGS[name].type;
  const value = type.read(text);
  if (!value.ok) return err({ path, problem: value.error });
  return ok(name === undefined ? {} : { [name]: value.value });
}

/** `hub` may also be written where Istio's charts have it, `values.global.hub`. */
function namesOf(path: string): readonly string[] {
  return [path, `values.${chartPath(path)}`];
}

function unknownSetting(path: string): string {
  const known = ["profile", ...SETTING_NAMES.map((name) => SETTINGS[name].path)];
  const near = nearestName(path, known);
  return near === undefined
    ? `is not a setting; known are ${known.join(", ")}`
    : `is not a setting; the nearest is ${near}`;
}

function splitSetting(setting: string): readonly [string, string | undefined] {
  const at = setting.indexOf("=");
  return at < 0 ? [setting, undefined] : [setting.slice(0, at).trim(), setting.slice(at + 1).trim()];
}
