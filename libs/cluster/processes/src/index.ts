// Processes that end with the cluster
export { startGroup, type ChildGroup } from "./child-group.ts";
export { startGuardian } from "./guardian.ts";
export { processLedger, type ProcessLedger } from "./process-ledger.ts";
export { processStartTime } from "./start-time.ts";

// Which program an image stands for
export {
  fillTemplate,
  findImage,
  imageTag,
  readImageMap,
  type ImageEntry,
  type ImageMap,
} from "./image-map/image-map.ts";
export { writeBinShims } from "./image-map/bin-shims.ts";

// What a process has said
export { containerLog, removeLog, type ContainerLog } from "./logs/container-log.ts";
export { readLog } from "./logs/read-log.ts";
