// Bytes
export { ByteWindow } from "./byte-window.ts";
export { ByteWriter, type Allocate } from "./byte-writer.ts";

// Heads
export { FIELD_KIND, type FieldKind } from "./field-kind.ts";
export { latin1, MessageHead, type TargetForm } from "./message-head.ts";
export { readRequestHead } from "./read-request-head.ts";
export { readResponseHead } from "./read-response-head.ts";
export { INCOMPLETE, type HeadOutcome } from "./read-fields.ts";
export { writeAttempt, writeRequestHead, type RequestRewrite } from "./write-request-head.ts";
export { needsChunks, writeResponseHead, type ResponseRewrite } from "./write-response-head.ts";
export type { FieldEdits } from "./head-writing.ts";

// Bodies
export { BodyRelay, requestFraming, responseFraming, type BodyFraming } from "./body-relay.ts";
export { ChunkedDecoder, type ChunkedStep } from "./chunked-decoder.ts";

// Limits
export {
  MAX_CHUNK_EXTENSION_BYTES,
  MAX_FIELDS,
  MAX_HEAD_BYTES,
  MAX_TARGET_BYTES,
  MAX_TRAILER_BYTES,
} from "./limits.ts";
