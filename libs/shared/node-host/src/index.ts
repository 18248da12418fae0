export { jsonLogger, type Logger } from "./logger.ts";
export { mountPath } from "./mounts.ts";
export { stopOnSignals, type Shutdown } from "./stop-on-signals.ts";
export { systemClock } from "./system-clock.ts";
