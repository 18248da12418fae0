import type { LogFormat } from "./http-service.ts";

/** Where a service listens and how it logs. */
export interface ServiceEnvironment {
  /** `ADDRESS`; every address where unset. */
  readonly address: string;
  /** `PORT`; 8080 where unset. */
  readonly port: number;
  /** `LOG_FORMAT`: `json` (where unset) or `text`. */
  readonly logFormat: LogFormat;
}

/** Reads the environment variables that every service has. */
export function serviceEnvironment(env: NodeJS.ProcessEnv): ServiceEnvironment {
  const port = Number(env["PORT"] ?? "8080");
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is not a port: ${env["PORT"] ?? ""}`);
  return {
    address: env["ADDRESS"] ?? "0.0.0.0",
    port,
    logFormat: env["LOG_FORMAT"] === "text" ? "text" : "json",
  };
}
