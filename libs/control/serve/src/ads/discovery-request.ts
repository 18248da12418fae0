import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { DiscoveryRequestSchema, type DiscoveryRequest } from "@bookmesh/xds-api";
import type { AdsRequest } from "./subscription.ts";

/** A request of a stream; the first one says whose it is. */
export interface StreamRequest extends AdsRequest {
  readonly node?: DiscoveryRequest["node"];
}

/** Field 3 of `DiscoveryRequest`, length-delimited: `resource_names`. */
const NAMES_TAG = (3 << 3) | 2;
/** So many lists are remembered: one for each view that proxies have lately had, and then some. */
const MAX_LISTS = 64;

/**
 * A reader of requests. Each ACK of a large mesh repeats thousands of names: lists of the same bytes are read once, and
 * are the very same set, whichever proxy sent them.
 */
export function requestReader(): (bytes: Uint8Array) => StreamRequest {
  let known: { readonly bytes: Buffer; readonly names: ReadonlySet<string> }[] = [];
  const read = (bytes: Buffer) => {
    const found = known.find((list) => list.bytes.equals(bytes));
    const list = found ?? { bytes, names: new Set(fromBinary(DiscoveryRequestSchema, bytes).resourceNames) };
    known = [list, ...known.filter((other) => other !== list)].slice(0, MAX_LISTS);
    return list.names;
  };
  return (bytes) => {
    const { names, others } = split(bytes);
    const { typeUrl, versionInfo, responseNonce, errorDetail, node } = fromBinary(
      DiscoveryRequestSchema,
      others,
    );
    return {
      ...{ typeUrl, versionInfo, responseNonce, resourceNames: read(names) },
      ...(errorDetail !== undefined && { errorMessage: errorDetail.message || `code ${errorDetail.code}` }),
      ...(node !== undefined && { node }),
    };
  };
}

/** The fields that are names, and all others. */
function split(bytes: Uint8Array): { readonly names: Buffer; readonly others: Buffer } {
  const names: Uint8Array[] = [];
  const others: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const isName = bytes[start] === NAMES_TAG;
    do {
      const [field, wireType] = reader.tag();
      reader.skip(wireType, field);
    } while (isName && bytes[reader.pos] === NAMES_TAG);
    (isName ? names : others).push(bytes.subarray(start, reader.pos));
  }
  return { names: Buffer.concat(names), others: Buffer.concat(others) };
}
