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
/** Tries after the first one, where no rule says so. */
const DEFAULT_ATTEMPTS = 2;
/** How often a try looks for a host that has not failed before it takes one that has. */
const HOST_SELECTION_ATTEMPTS = 5n;
/** The longest pause, in steps of the first one. Source: Envoy, `retry_back_off.max_interval`. */
const MAX_BACKOFF_FACTOR = 10;

const STATUS_CODES = "retriable-status-codes";

/** Builds the retry policy of a route; `undefined` where a rule turns retries off. */
export function translateRetries(
  rules: RetryRules | undefined,
): MessageInit<typeof RetryPolicySchema> | undefined {
  const {
    attempts = DEFAULT_ATTEMPTS,
    perTryTimeout,
    retryOn,
    backoff,
    retryIgnorePreviousHosts = true,
  } = rules ?? {};
  if (attempts === 0) return undefined;
  const { conditions, statusCodes } = readRetryOn(retryOn);
  return {
    retryOn: conditions,
    numRetries: attempts,
    retriableStatusCodes: statusCodes,
    ...(perTryTimeout !== undefined && { perTryTimeout: protoDuration(durationMs(perTryTimeout)) }),
    ...(backoff !== undefined && { retryBackOff: backoffOf(durationMs(backoff)) }),
    ...(retryIgnorePreviousHosts && avoidPreviousHosts()),
  };
}

/** Envoy wants status codes in a list of their own. */
function readRetryOn(retryOn = ""): { conditions: string; statusCodes: number[] } {
  const words = retryOn.split(",").map((word) => word.trim());
  const statusCodes = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const conditions = words.filter((word) => word !== "" && !/^\d+$/.test(word));
  if (statusCodes.length > 0 && !conditions.includes(STATUS_CODES)) conditions.push(STATUS_CODES);
  return { conditions: conditions.length === 0 ? DEFAULT_RETRY_ON : conditions.join(","), statusCodes };
}

function backoffOf(ms: number) {
  return { baseInterval: protoDuration(ms), maxInterval: protoDuration(ms * MAX_BACKOFF_FACTOR) };
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
    hostSelectionRetryMaxAttempts: HOST_SELECTION_ATTEMPTS,
  };
}
