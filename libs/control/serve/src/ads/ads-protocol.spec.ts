import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  ClusterSchema,
  ControlPlaneSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
  TYPE_URLS,
  typeUrlOf,
} from "@bookmesh/xds-api";
import { adsRequestOf, responseEncoder } from "./ads-protocol.ts";

describe("responseEncoder", () => {
  it.each([
    { name: "small resources", nameLength: 3 },
    { name: "resources longer than one byte can say", nameLength: 300 },
    { name: "resources longer than two bytes can say", nameLength: 40_000 },
  ])("writes what a protobuf reader understands: $name", ({ nameLength }) => {
    const names = ["a".repeat(nameLength), "b".repeat(nameLength)];
    const resources = names.map((name) => {
      const value = toBinary(ClusterSchema, create(ClusterSchema, { name }));
      const any = toBinary(AnySchema, create(AnySchema, { typeUrl: typeUrlOf(ClusterSchema), value }));
      return [name, { name, version: "1", any }] as const;
    });
    const content = { typeUrl: TYPE_URLS.cluster, version: "v", resources: new Map(resources) };
    const encode = responseEncoder(create(ControlPlaneSchema, { identifier: "me" }));
    for (const nonce of ["1", "2", "3"]) {
      const response = fromBinary(DiscoveryResponseSchema, encode(content, nonce));
      expect(response).toMatchObject({ typeUrl: TYPE_URLS.cluster, versionInfo: "v", nonce });
      expect(response.controlPlane?.identifier).toBe("me");
      expect(response.resources.map(({ value }) => fromBinary(ClusterSchema, value).name)).toEqual(names);
    }
  });
});

describe("adsRequestOf", () => {
  it.each([
    { name: "an ACK has no error", errorDetail: undefined, expected: undefined },
    { name: "a NACK has its message", errorDetail: { code: 3, message: "no" }, expected: "no" },
    { name: "a NACK without a message has its code", errorDetail: { code: 3 }, expected: "code 3" },
  ])("$name", ({ errorDetail, expected }) => {
    const message = create(DiscoveryRequestSchema, {
      typeUrl: TYPE_URLS.cluster,
      ...(errorDetail && { errorDetail }),
    });
    expect(adsRequestOf(message).errorMessage).toBe(expected);
  });
});
