import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** A message as proto-JSON, with the field names of the .proto files. */
export type Json = JsonValue;
export type { JsonObject };

/** Says whether a value is an object: neither a list nor null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
