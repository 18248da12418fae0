import { parseArgs, type ParseArgsConfig } from "node:util";
import {
  DEFAULT_INTERCEPTION,
  INTERCEPTION_FLAGS,
  readInterception,
  type Interception,
  type InterceptionSettings,
} from "@bookmesh/interception-api";
import { err, messageOf, ok, type Result } from "@bookmesh/kernel";

/** What `istio-init` is told to do. */
export interface InitArguments {
  readonly interception: Interception;
  /** Print the rules, touch nothing. */
  readonly isDryRun: boolean;
  /** Take the rules away. */
  readonly isCleanup: boolean;
}

const SETTINGS = Object.keys(INTERCEPTION_FLAGS) as readonly (keyof InterceptionSettings)[];
const OPTIONS: NonNullable<ParseArgsConfig["options"]> = {
  ...Object.fromEntries(
    Object.values(INTERCEPTION_FLAGS).map(({ long, ...short }) => [long, { type: "string", ...short }]),
  ),
  "dry-run": { type: "boolean" },
  cleanup: { type: "boolean" },
};

/** Reads the command line; a failure is a sentence. */
export function readArguments(args: readonly string[]): Result<InitArguments, string> {
  let values: Readonly<Record<string, unknown>>;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (error) {
    return err(messageOf(error));
  }
  const settings = Object.fromEntries(
    SETTINGS.map((key) => [key, values[INTERCEPTION_FLAGS[key].long] ?? DEFAULT_INTERCEPTION[key]]),
  ) as unknown as InterceptionSettings; // every key is there, and each such option is text
  const interception = readInterception(settings);
  if (!interception.ok) return interception;
  return ok({
    interception: interception.value,
    isDryRun: values["dry-run"] === true,
    isCleanup: values["cleanup"] === true,
  });
}
