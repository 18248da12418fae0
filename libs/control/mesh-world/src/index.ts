// What the control plane knows
export { meshWorld, type MeshWorld } from "./mesh-world.ts";
export { followStore, type FollowPorts } from "./follow-mesh.ts";
export { pruneObject } from "./prune.ts";
export { omit } from "./omit.ts";

// What it keeps as it should be
export { persist, reconciler, type Progress, type ReconcilePorts } from "./reconcile.ts";
