import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import type { RetryRules } from "@bookmesh/mesh-api";
import { PreviousHostsPredicateSchema, type RetryPolicySchema } from "@bookmesh/xds-api";
import { durationMs, protoDuration } from "./duration.ts";
import type { MessageInit } from "./message-init.ts";

/**
 * When a call is tried again where no rule says so. Never on an application's own 503: that it fails is for the
 * caller to see. Source: istiod, `retry.DefaultPolicy`.
 */
const DEFAULT_RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";
/** How calls are tried again where no rule says a word about it. */
const DEFAULT_RULES: RetryRules = { attempts: 2 };
/** How often a try looks for a host that has not failed before it takes one that has. */
const HOST_SELECTION_ATTEMPTS = 5n;

const STATUS_CODES = "retriable-status-codes";

/**
 * Builds the retry policy of a route; `undefined` where a rule turns retries off, as one does that names no attempts.
 * Source: istiod, `retry.ConvertPolicy`.
 */
export function translateRetries(
  rules: RetryRules = DEFAULT_RULES,
): MessageInit<typeof RetryPolicySchema> | undefined {
  const { attempts = 0, perTryTimeout, retryOn, backoff, retryIgnorePreviousHosts = true } = rules;
  if (attempts === 0) return undefined;
  const { conditions, statusCodes } = readRetryOn(retryOn);
  return {
    retryOn: conditions,
    numRetries: attempts,
    retriableStatusCodes: statusCodes,
    hostSelectionRetryMaxAttempts: HOST_SELECTION_ATTEMPTS,
    ...(perTryTimeout !== undefined && { perTryTimeout: protoDuration(durationMs(perTryTimeout)) }),
    // The longest pause is Envoy's default: ten times the first.
    ...(backoff !== undefined && { retryBackOff: { baseInterval: protoDuration(durationMs(backoff)) } }),
    ...(retryIgnorePreviousHosts && avoidPreviousHosts()),
  };
}

/** Envoy wants status codes in a list of their own. */
function readRetryOn(retryOn = ""): { conditions: string; statusCodes: number[] } {
  if (retryOn === "") return { conditions: DEFAULT_RETRY_ON, statusCodes: [] };
  const words = retryOn
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const statusCodes = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const conditions = words.filter((word) => !/^\d+$/.test(word));
  if (statusCodes.length > 0 && !conditions.includes(STATUS_CODES)) conditions.push(STATUS_CODES);
  return { conditions: conditions.join(","), statusCodes };
}

function avoidPreviousHosts(): MessageInit<typeof RetryPolicySchema> {
  const predicate = anyPack(PreviousHostsPredicateSchema, create(PreviousHostsPredicateSchema));
  return {
    retryHostPredicate: [
      {
        name: "envoy.retry_host_predicates.previous_hosts",
        configType: { case: "typedConfig", value: predicate },
      },
    ],
  };
}
