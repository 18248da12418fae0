import type { Comparison } from "../harness/comparison.ts";
import { CLIENT_COMPARISONS } from "./clients.ts";
import { DEFINITION_COMPARISONS } from "./definitions.ts";
import { KUBECTL_COMPARISONS } from "./kubectl.ts";
import { OBJECT_COMPARISONS } from "./objects.ts";
import { POD_COMPARISONS } from "./pods.ts";
import { WEBHOOK_COMPARISONS } from "./webhooks.ts";
import { WORKLOAD_COMPARISONS } from "./workloads.ts";

/** Everything that is compared. */
export const COMPARISONS: readonly Comparison[] = [
  ...OBJECT_COMPARISONS,
  ...KUBECTL_COMPARISONS,
  ...POD_COMPARISONS,
  ...WORKLOAD_COMPARISONS,
  ...DEFINITION_COMPARISONS,
  ...CLIENT_COMPARISONS,
  ...WEBHOOK_COMPARISONS,
];
