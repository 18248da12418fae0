/** From a request head's first byte to its last (slow heads are an attack). */
export const HEAD_TIMEOUT_MS = 10_000;

/** Without any progress of a request's body that the upstream would take. */
export const BODY_TIMEOUT_MS = 60_000;

/** Between a client's requests; Envoy's `idle_timeout`. */
export const PAUSE_MS = 3_600_000;

/** Between a client's requests while this proxy is leaving. */
export const LEAVING_PAUSE_MS = 5_000;

/**
 * How long an idle connection to an upstream is kept where neither its cluster nor its upstream names a shorter time.
 * Shorter than `LEAVING_PAUSE_MS`: a proxy that leaves ends no connection on which another one is about to send a request.
 */
export const POOLED_PAUSE_MS = 4_000;

/** How long the rest of a refused request is read and dropped, so that the answer is not lost to a reset. */
export const LINGER_MS = 1_000;
