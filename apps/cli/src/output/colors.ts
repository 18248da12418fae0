import pico from "picocolors";
import type { ConsoleIo } from "../console-io.ts";

/** Colours where a person looks at a terminal and has not said NO_COLOR; else the text alone. */
export function colors({ stdout, env }: ConsoleIo): ReturnType<typeof pico.createColors> {
  return pico.createColors(stdout.isTTY === true && !env["NO_COLOR"]);
}
