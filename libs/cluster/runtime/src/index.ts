// The runtime
export { startRuntime, type Runtime, type RuntimeOptions } from "./runtime.ts";

// The pod network, in its modes
export { loopbackNetwork } from "./network/loopback/loopback-network.ts";
export { hostDoor } from "./network/netns/host-door.ts";
export { netnsNetwork } from "./network/netns/netns-network.ts";
export { podRange } from "./network/pod-addresses.ts";

// Which program an image stands for
export { readImageMap, type ImageEntry, type ImageMap } from "./image-map/image-map.ts";

// What an earlier run left
export { processLedger, processStartTime, type ProcessLedger } from "./process/process-ledger.ts";
