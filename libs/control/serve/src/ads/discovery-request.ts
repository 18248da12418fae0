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

/** Names as they were sent, one field after the other, and the set that they are. */
interface NameList {
  readonly bytes: Buffer;
  readonly names: ReadonlySet<string>;
}

/**
 * A reader of requests. Each ACK of a large mesh repeats thousands of names: lists of the same bytes are read once, and
 * are the very same set, whichever proxy sent them.
 */
export function requestReader(): (bytes: Buffer) => StreamRequest {
  let known: readonly NameList[] = [];
  const namesOf = (runs: readonly Buffer[]): ReadonlySet<string> => {
    const [only = NO_NAMES, ...more] = runs;
    const bytes = more.length === 0 ? only : Buffer.concat(runs);
    const found = known.find((list) => list.bytes.equals(bytes));
    const list = found ?? nameList(bytes);
    known = [list, ...known.filter((other) => other !== list)].slice(0, MAX_LISTS);
    return list.names;
  };
  return (bytes) => {
    const { runs, others } = split(bytes, known);
    const { typeUrl, versionInfo, responseNonce, errorDetail, node } = fromBinary(
      DiscoveryRequestSchema,
      others,
    );
    return {
      ...{ typeUrl, versionInfo, responseNonce, resourceNames: namesOf(runs) },
      ...(errorDetail !== undefined && { errorMessage: errorDetail.message || `code ${errorDetail.code}` }),
      ...(node !== undefined && { node }),
    };
  };
}

const NO_NAMES = Buffer.alloc(0);

/** Of a copy: a request's bytes need not stay for the names in it. */
function nameList(bytes: Buffer): NameList {
  return {
    bytes: Buffer.from(bytes),
    names: new Set(fromBinary(DiscoveryRequestSchema, bytes).resourceNames),
  };
}

/** The names, a run of fields at a time, and all other fields. A run that is known is not looked into. */
function split(
  bytes: Buffer,
  known: readonly NameList[],
): { readonly runs: readonly Buffer[]; readonly others: Buffer } {
  const runs: Buffer[] = [];
  const others: Buffer[] = [];
  const reader = new BinaryReader(bytes);
  const skip = () => {
    const [field, wireType] = reader.tag();
    reader.skip(wireType, field);
  };
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const isName = bytes[start] === NAMES_TAG;
    const list = isName ? known.find((one) => isRunAt(start, one.bytes, bytes)) : undefined;
    if (list) reader.pos += list.bytes.length;
    else
      do skip();
      while (isName && bytes[reader.pos] === NAMES_TAG);
    if (isName) runs.push(list?.bytes ?? bytes.subarray(start, reader.pos));
    else others.push(bytes.subarray(start, reader.pos));
  }
  return { runs, others: Buffer.concat(others) };
}

/** Says whether `names` stand in `bytes` from `start`, and no other name behind them. */
function isRunAt(start: number, names: Buffer, bytes: Buffer): boolean {
  const end = start + names.length;
  const mayBe = names.length > 0 && end <= bytes.length && bytes[end] !== NAMES_TAG;
  return mayBe && names.compare(bytes, start, end) === 0;
}
