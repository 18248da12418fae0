// Outcomes and bugs
export { err, ok, type Result } from "./result.ts";
export { invariant } from "./invariant.ts";
export { messageOf } from "./message-of.ts";
export { describeIssues, type ConfigIssue } from "./config-issue.ts";

// Time and chance
export type { Clock, Random } from "./ports.ts";
export { seededRandom } from "./seeded-random.ts";
export { backoffMs, type BackoffLimits } from "./backoff.ts";

// Configuration
export { snapshotCell, type SnapshotCell, type SnapshotReader } from "./snapshot-cell.ts";

// What was made before
export { byIdentity, hasSame, lastCall, steadyList, steadyRecord } from "./by-identity.ts";
