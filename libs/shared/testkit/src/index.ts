export { eventually, type Patience } from "./eventually.ts";
export { hasProgram } from "./has-program.ts";
export { manualClock, type ManualClock } from "./manual-clock.ts";
export { canMakePodNetworks, podNetwork, type PodNetwork } from "./pod-network.ts";
export { propertyRuns, type PropertyRuns } from "./property-runs.ts";
export { seededRandom } from "@bookmesh/kernel";
