import type { ClusterLimits } from "../proxy-snapshot.ts";

/** What a cluster is doing at this moment. */
interface Load {
  readonly activeRetries: number;
  /** Requests under way and waiting. */
  readonly requests: number;
}

/** Whether a cluster may have one retry more. Source: Envoy `ResourceManager::retries`. */
export function mayRetry(limits: ClusterLimits, { activeRetries, requests }: Load): boolean {
  const { retryBudget: budget, maxRetries } = limits;
  const most = budget ? Math.max(budget.minimum, (budget.percent * requests) / 100) : maxRetries;
  return activeRetries < most;
}
