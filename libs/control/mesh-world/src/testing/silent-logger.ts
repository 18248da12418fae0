import { jsonLogger, type Logger } from "@bookmesh/node-host";

/** A logger that says nothing. */
export function silentLogger(): Logger {
  const log = jsonLogger("spec");
  log.level = "silent";
  return log;
}
