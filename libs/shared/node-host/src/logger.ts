import { pino, type Logger } from "pino";

export type { Logger };

/** A JSON logger on standard output; `LOG_LEVEL` sets its level ("info" where unset). */
export function jsonLogger(name: string): Logger {
  return pino({ name, level: process.env["LOG_LEVEL"] ?? "info", timestamp: pino.stdTimeFunctions.isoTime });
}
