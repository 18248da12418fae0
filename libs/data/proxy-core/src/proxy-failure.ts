import type { ResponseFlag } from "./response-flags.ts";

/** An answer of the proxy's own, with the flag that tells why. */
export interface FailureAnswer {
  readonly status: number;
  readonly flag: ResponseFlag;
  readonly body: string;
}

/**
 * Every way a request can fail inside the proxy: the status, Envoy's `%RESPONSE_FLAGS%` and Envoy's body.
 *
 * The key is a metric label and the flag is an access-log field, so both are public: add entries, never rename them.
 */
export const PROXY_FAILURES = {
  noRoute: { status: 404, flag: "NR", body: "" },
  noCluster: { status: 503, flag: "NC", body: "" },
  noHealthyHost: { status: 503, flag: "UH", body: "no healthy upstream" },
  overflow: {
    status: 503,
    flag: "UO",
    body: "upstream connect error or disconnect/reset before headers. reset reason: overflow",
  },
  connectFailed: {
    status: 503,
    flag: "UF",
    body: "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
  },
  connectTimeout: {
    status: 503,
    flag: "UF",
    body: "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
  },
  upstreamReset: {
    status: 503,
    flag: "UC",
    body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
  },
  upstreamProtocolError: {
    status: 502,
    flag: "UPE",
    body: "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
  },
  upstreamTimeout: { status: 504, flag: "UT", body: "upstream request timeout" },
  streamIdle: { status: 504, flag: "SI", body: "stream timeout" },
  faultAbort: { status: 503, flag: "FI", body: "fault filter abort" },
  downstreamGone: { status: 0, flag: "DC", body: "" },
  downstreamProtocolError: { status: 400, flag: "DPE", body: "" },
} as const satisfies Record<string, FailureAnswer>;

/** A key of `PROXY_FAILURES`. */
export type ProxyFailure = keyof typeof PROXY_FAILURES;

/** Where the client was too slow, not the upstream. */
const REQUEST_TIMEOUT = 408;

const FIRST_RESET = "reset reason: ";
const LATEST_RESET = "retried and the latest reset reason: ";

/** The answer to a failure. Envoy says so where it is not the first try that has failed; SI before the whole request. */
export function failureAnswer(
  failure: ProxyFailure,
  { isRetry, hasRequest }: { readonly isRetry: boolean; readonly hasRequest: boolean },
): FailureAnswer {
  const answer = PROXY_FAILURES[failure];
  if (failure === "streamIdle" && !hasRequest) return { ...answer, status: REQUEST_TIMEOUT };
  return isRetry ? { ...answer, body: answer.body.replace(FIRST_RESET, LATEST_RESET) } : answer;
}
