export { NODE_NAME, publishCluster } from "./cluster-objects.ts";
export { startControllers } from "./start-controllers.ts";
