/** One field of a message on the wire. */
export interface WireField {
  readonly number: number;
  /** A number for varints, bytes for everything that has a length. */
  readonly value: bigint | Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
/** The longest varint: 64 bits in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** The fields of a message in their order; throws `RangeError` for bytes that are none. Source: Protocol Buffers, "Encoding". */
export function wireFields(message: Buffer): readonly WireField[] {
  const fields: WireField[] = [];
  let position = 0;
  while (position < message.length) {
    const key = readVarint(message, position);
    const number = Number(key.value >> 3n);
    const field = readValue(message, key.next, Number(key.value & 7n));
    if (field.value !== undefined) fields.push({ number, value: field.value });
    position = field.next;
  }
  return fields;
}

interface Read<T> {
  readonly value: T;
  readonly next: number;
}

function readValue(message: Buffer, start: number, type: number): Read<bigint | Buffer | undefined> {
  switch (type) {
    case VARINT:
      return readVarint(message, start);
    case LENGTH: {
      const { value, next } = readVarint(message, start);
      return slice(message, next, Number(value));
    }
    case FIXED64:
      return { ...slice(message, start, 8), value: undefined }; // no Kubernetes type has any
    case FIXED32:
      return { ...slice(message, start, 4), value: undefined };
    default:
      throw new RangeError(`proto: wire type ${type} is not known`);
  }
}

function slice(message: Buffer, start: number, length: number): Read<Buffer> {
  const next = start + length;
  if (next > message.length) throw new RangeError("proto: unexpected end of the message");
  return { value: message.subarray(start, next), next };
}

function readVarint(message: Buffer, start: number): Read<bigint> {
  let value = 0n;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = message[start + index];
    if (byte === undefined) throw new RangeError("proto: unexpected end of the message");
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asIntN(64, value), next: start + index + 1 };
  }
  throw new RangeError("proto: a number is too long");
}
