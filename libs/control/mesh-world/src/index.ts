// What the control plane knows
export { meshWorld, type FollowedWorld, type MeshRules, type MeshWorld } from "./mesh-world.ts";
export type { RuleStatuses } from "./rule-statuses.ts";
export { followStore, type FollowPorts } from "./follow-mesh.ts";
export { pruneObject } from "./prune.ts";
export { omit } from "./omit.ts";

// What it keeps as it should be
export { persist, reconciler, type Progress, type ReconcilePorts } from "./reconcile.ts";
