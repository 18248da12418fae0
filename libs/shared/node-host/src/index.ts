export { jsonLogger, type Logger } from "./logger.ts";
export { mountPath } from "./mounts.ts";
export { shellWord } from "./shell-word.ts";
export { stopOnSignals, type Shutdown } from "./stop-on-signals.ts";
export { systemClock } from "./system-clock.ts";
