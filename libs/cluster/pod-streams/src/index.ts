export { upgradeHandler, type WantedStream } from "./upgrade-handler.ts";
export { containerOf, runtimeOf } from "./pod-target.ts";
