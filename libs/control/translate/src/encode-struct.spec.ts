import { fromBinary, toJson } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { writeStruct } from "./encode-struct.ts";

describe("writeStruct", () => {
  it("writes what a protobuf reader understands", () => {
    const fields = { config: "/apis/rule", services: [{ host: "rating", name: "" }, "other"], nothing: {} };
    const bytes = writeStruct(new BinaryWriter(), { ...fields, absent: undefined }).finish();
    expect(toJson(StructSchema, fromBinary(StructSchema, bytes))).toEqual(fields);
  });
});
