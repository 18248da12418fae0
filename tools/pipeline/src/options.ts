import { parseArgs } from "node:util";
import { err, messageOf, ok, type Result } from "@bookmesh/kernel";
import { APPS, type App } from "./apps.ts";
import { STEP_NAMES, stepsFrom, type Step } from "./steps.ts";

const USAGE = `Usage: npm run pipeline -- APP [--from STEP | --only STEP]

Runs an app's pipeline as CI does. Steps: ${STEP_NAMES.join(", ")} (only by name).
Apps: ${APPS.map(({ name }) => name).join(", ")}.
`;

/** What the command is asked for: a pipeline, or the workflows' files. */
export type Request =
  | { readonly kind: "run"; readonly app: App; readonly steps: readonly Step[] }
  | { readonly kind: "write-workflows" };

/** Reads the command line. */
export function readRequest(args: readonly string[]): Result<Request, string> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (values["write-workflows"]) return ok({ kind: "write-workflows" });
  const app = APPS.find(({ name }) => name === positionals[0]);
  if (app === undefined || positionals.length > 1) return err(USAGE);
  const [from, only] = [values.from, values.only].map((word) => STEP_NAMES.find((name) => name === word));
  const unknown = (from === undefined && values.from) || (only === undefined && values.only);
  if (unknown) return err(`There is no step ${unknown}; there are: ${STEP_NAMES.join(", ")}.\n`);
  return ok({ kind: "run", app, steps: stepsFrom(from, only) });
}

function parse(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const options = {
      from: text,
      only: text,
      "write-workflows": { type: "boolean", default: false },
    } as const;
    return ok(parseArgs({ args: [...args], allowPositionals: true, options }));
  } catch (error) {
    return err(`${messageOf(error)}\n\n${USAGE}`);
  }
}
