import type { ByteWriter } from "./byte-writer.ts";
import type { MessageHead } from "./message-head.ts";
import { COLON, SPACE } from "./octets.ts";

/** Fields to remove, set and append, in that order; names in lower case. */
export interface FieldEdits {
  readonly remove: readonly string[];
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly append: readonly (readonly [name: string, value: string])[];
}

/** Names that no edit may touch: they frame the message or belong to the connection. */
const FRAMING: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "host",
  "transfer-encoding",
  "upgrade",
]);

/** Says for each kind of field whether it is left out of the head that leaves. */
export type DroppedKinds = Uint8Array;

/**
 * Copies the fields that are not dropped. Neighbours that stand in plain form (`name: value`) leave in one copy;
 * others lose their odd blanks.
 */
export function copyFields(out: ByteWriter, head: MessageHead, dropped: DroppedKinds): void {
  const { bytes, fieldCount, kinds, nameFrom, nameTo, valueFrom, valueTo } = head;
  let runFrom = -1;
  let runTo = -1;
  for (let index = 0; index < fieldCount; index++) {
    if (dropped[kinds[index] ?? 0] === 1) continue;
    const from = nameFrom[index] ?? 0;
    if (!isPlain(head, index)) {
      if (runFrom >= 0) out.copy(bytes, runFrom, runTo);
      runFrom = -1;
      out.copy(bytes, from, nameTo[index] ?? 0);
      out.text(": ");
      out.copy(bytes, valueFrom[index] ?? 0, valueTo[index] ?? 0);
      out.text("\r\n");
      continue;
    }
    if (from !== runTo) {
      if (runFrom >= 0) out.copy(bytes, runFrom, runTo);
      runFrom = from;
    }
    runTo = (valueTo[index] ?? 0) + 2;
  }
  if (runFrom >= 0) out.copy(bytes, runFrom, runTo);
}

/** One blank between colon and value, none behind it. */
function isPlain({ bytes, nameTo, valueFrom, valueTo }: MessageHead, index: number): boolean {
  const colon = nameTo[index] ?? 0;
  const value = valueFrom[index] ?? 0;
  return (
    value === colon + 2 &&
    bytes[colon] === COLON &&
    bytes[colon + 1] === SPACE &&
    bytes[valueTo[index] ?? 0] === 13
  );
}

/** The slow path of `copyFields`: one field after the other, with a route's edits. */
export function copyEditedFields(
  out: ByteWriter,
  head: MessageHead,
  { dropped, edits }: { readonly dropped: DroppedKinds; readonly edits: FieldEdits },
): void {
  const gone = [...edits.remove, ...edits.set.map(([name]) => name)].filter((name) => !FRAMING.has(name));
  for (let index = 0; index < head.fieldCount; index++) {
    if (dropped[head.kinds[index] ?? 0] === 1) continue;
    if (gone.some((name) => head.isNamed(index, name))) continue;
    out.copy(head.bytes, head.nameFrom[index] ?? 0, head.nameTo[index] ?? 0);
    out.text(": ");
    out.copy(head.bytes, head.valueFrom[index] ?? 0, head.valueTo[index] ?? 0);
    out.text("\r\n");
  }
  for (const [name, value] of [...edits.set, ...edits.append]) if (!FRAMING.has(name)) out.field(name, value);
}
