import { WireType, type BinaryWriter } from "@bufbuild/protobuf/wire";

/** What a `google.protobuf.Struct` holds here: texts, lists and further ones. */
export interface StructFields {
  readonly [name: string]: StructValue | undefined;
}

/** One of its values; `undefined` is left out. */
export type StructValue = string | StructFields | readonly StructValue[];

/** The numbers of fields. Source: protobuf, `struct.proto`; an entry of a map is a message of key and value. */
const FIELDS = { entry: 1, key: 1, value: 2, text: 3, struct: 5, list: 6, item: 1 } as const;

/** Writes a Struct. */
export function writeStruct(writer: BinaryWriter, fields: StructFields): BinaryWriter {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    writer.tag(FIELDS.entry, WireType.LengthDelimited).fork();
    writer.tag(FIELDS.key, WireType.LengthDelimited).string(name);
    writer.tag(FIELDS.value, WireType.LengthDelimited).fork();
    writeValue(writer, value).join().join();
  }
  return writer;
}

function writeValue(writer: BinaryWriter, value: StructValue): BinaryWriter {
  if (typeof value === "string") return writer.tag(FIELDS.text, WireType.LengthDelimited).string(value);
  if (!isList(value))
    return writeStruct(writer.tag(FIELDS.struct, WireType.LengthDelimited).fork(), value).join();
  writer.tag(FIELDS.list, WireType.LengthDelimited).fork();
  for (const item of value) writeValue(writer.tag(FIELDS.item, WireType.LengthDelimited).fork(), item).join();
  return writer.join();
}

function isList(value: StructFields | readonly StructValue[]): value is readonly StructValue[] {
  return Array.isArray(value);
}
