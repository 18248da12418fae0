import { NO_RETRY_CONDITIONS } from "@bookmesh/proxy-core/retry";
import type { RetryPolicy } from "@bookmesh/proxy-core";
import {
  RetryPolicySchema,
  typeUrlOf,
  PreviousHostsPredicateSchema,
  type RetryPolicy as RetryPolicyProto,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readDurationMs } from "./values.ts";

/** Envoy's `upstream.base_retry_backoff_ms`. */
const DEFAULT_BACKOFF_MS = 25;
/** The longest pause is this many times the first, where none is set. */
const MAX_BACKOFF_FACTOR = 10;
/** More retries than this multiply load without helping anybody. */
const MAX_RETRIES = 100;

const CONDITIONS = {
  "connect-failure": "connectFailure",
  reset: "reset",
  "reset-before-request": "resetBeforeRequest",
  "gateway-error": "gatewayError",
  "5xx": "serverError",
  "retriable-4xx": "retriable4xx",
} as const satisfies Record<string, keyof RetryPolicy["on"]>;

/** Conditions of HTTP/2 and gRPC: they never arise here, since HTTP/2 passes through as bytes. */
const HTTP2_CONDITIONS: readonly string[] = [
  "refused-stream",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
];

const STATUS_CODES_CONDITION = "retriable-status-codes";

/** Reads when and how often to try again. Source: Envoy `RetryPolicy`. */
export function readRetryPolicy(place: Place, proto: RetryPolicyProto): RetryPolicy | undefined {
  refuseFieldsBut(
    place,
    [RetryPolicySchema, proto],
    [
      "retry_on",
      "num_retries",
      "per_try_timeout",
      "retry_host_predicate",
      // How often to draw again for a host not tried yet. Tried hosts are left out of the draw, so once is enough.
      "host_selection_retry_max_attempts",
      "retriable_status_codes",
      "retry_back_off",
    ],
  );
  const conditions = proto.retryOn.split(",").map((text) => text.trim());
  const maxRetries = proto.numRetries ?? 1;
  if (maxRetries > MAX_RETRIES) complain(below(place, "num_retries"), `must not be more than ${MAX_RETRIES}`);
  const policy = {
    maxRetries,
    perTryTimeoutMs: readDurationMs(below(place, "per_try_timeout"), proto.perTryTimeout, 0),
    on: readConditions(below(place, "retry_on"), conditions),
    statusCodes: new Set(conditions.includes(STATUS_CODES_CONDITION) ? proto.retriableStatusCodes : []),
    avoidsPreviousHosts: readPredicates(place, proto),
    backoff: readBackoff(below(place, "retry_back_off"), proto),
  };
  return maxRetries === 0 ? undefined : policy;
}

function readConditions(place: Place, conditions: readonly string[]): RetryPolicy["on"] {
  const on = { ...NO_RETRY_CONDITIONS };
  for (const condition of conditions) {
    if (isCondition(condition)) on[CONDITIONS[condition]] = true;
    else if (
      condition !== "" &&
      condition !== STATUS_CODES_CONDITION &&
      !HTTP2_CONDITIONS.includes(condition)
    )
      complain(place, `names the condition ${JSON.stringify(condition)}, which this proxy does not support`);
  }
  return on;
}

function isCondition(text: string): text is keyof typeof CONDITIONS {
  return Object.hasOwn(CONDITIONS, text);
}

function readPredicates(place: Place, { retryHostPredicate }: RetryPolicyProto): boolean {
  for (const [index, { name, configType }] of retryHostPredicate.entries()) {
    const isKnown =
      configType.case === "typedConfig"
        ? configType.value.typeUrl === typeUrlOf(PreviousHostsPredicateSchema)
        : name === "envoy.retry_host_predicates.previous_hosts";
    if (!isKnown)
      complain(
        below(place, "retry_host_predicate", index),
        `${JSON.stringify(name)} is not supported by this proxy`,
      );
  }
  return retryHostPredicate.length > 0;
}

function readBackoff(place: Place, { retryBackOff }: RetryPolicyProto): RetryPolicy["backoff"] {
  const initialMs = readDurationMs(
    below(place, "base_interval"),
    retryBackOff?.baseInterval,
    DEFAULT_BACKOFF_MS,
  );
  const maxMs = readDurationMs(
    below(place, "max_interval"),
    retryBackOff?.maxInterval,
    initialMs * MAX_BACKOFF_FACTOR,
  );
  if (maxMs < initialMs) complain(below(place, "max_interval"), "must not be less than base_interval");
  return { initialMs, maxMs };
}
