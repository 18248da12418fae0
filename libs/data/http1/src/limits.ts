/** Most header fields in one head; a longer list is a 431. Node's own parser loses fields beyond its limit instead. */
export const MAX_FIELDS = 100;

/** Longest head, first line included; Envoy's `max_request_headers_kb`. */
export const MAX_HEAD_BYTES = 60 * 1024;

/** Longest request target; a longer one is a 414. */
export const MAX_TARGET_BYTES = 8 * 1024;

/** All chunk extensions of one message together; they are read, bounded and never forwarded. */
export const MAX_CHUNK_EXTENSION_BYTES = 16 * 1024;

/** All trailer fields of one message together; they are checked and dropped, as Envoy does by default. */
export const MAX_TRAILER_BYTES = 8 * 1024;

/** Digits of a chunk size: 2^52, so that no size loses precision. */
export const MAX_CHUNK_SIZE_DIGITS = 13;
