import { create, fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { typedResources, withResources } from "@bookmesh/translate";
import { encodeCluster } from "@bookmesh/translate/parts";
import { ClusterSchema, ControlPlaneSchema, DiscoveryResponseSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { responseEncoder } from "./ads-protocol.ts";

describe("responseEncoder", () => {
  it.each([
    { name: "small resources", nameLength: 3 },
    { name: "resources longer than one byte can say", nameLength: 300 },
    { name: "resources longer than two bytes can say", nameLength: 40_000 },
  ])("writes what a protobuf reader understands: $name", ({ nameLength }) => {
    const [one, other, own] = ["a", "b", "c"].map((letter) => letter.repeat(nameLength));
    const encoded = (name = "") => encodeCluster(create(ClusterSchema, { name }));
    const shared = typedResources(TYPE_URLS.cluster, [encoded(one), encoded(other)]);
    const content = withResources(shared, [encoded(own)]);
    const encode = responseEncoder(create(ControlPlaneSchema, { identifier: "me" }));
    for (const nonce of ["1", "2"]) {
      const response = fromBinary(DiscoveryResponseSchema, encode({ content, nonce }));
      expect(response).toMatchObject({ typeUrl: TYPE_URLS.cluster, versionInfo: content.version, nonce });
      expect(response.controlPlane?.identifier).toBe("me");
      const names = response.resources.map(({ value }) => fromBinary(ClusterSchema, value).name);
      expect(names).toEqual([one, other, own]);
    }
    const all = fromBinary(DiscoveryResponseSchema, encode({ content: shared, nonce: "3" }));
    expect(all.resources).toHaveLength(2);
  });
});
