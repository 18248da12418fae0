import { TYPE_URLS } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { sampleCluster, sampleRoutes } from "../agent/sample-resources.ts";
import { decodeConfiguration, encodeConfiguration } from "./configuration-file.ts";

const OWNER = { node: "sidecar~10.0.0.1~book.default~default.svc.cluster.local", mesh: "cluster.local" };
const ANSWERS = [
  {
    typeUrl: TYPE_URLS.cluster,
    versionInfo: "1",
    nonce: "",
    resources: [sampleCluster("a"), sampleCluster("b")],
  },
  { typeUrl: TYPE_URLS.endpoint, versionInfo: "", nonce: "", resources: [] },
  { typeUrl: TYPE_URLS.route, versionInfo: "2", nonce: "", resources: [sampleRoutes("a", "a")] },
];

const file = encodeConfiguration(OWNER, ANSWERS);

describe("a file of a configuration", () => {
  it("holds the answers with their versions", () => {
    const found = decodeConfiguration(OWNER, file);
    expect(found.ok && found.value.map(({ versionInfo }) => versionInfo)).toEqual(["1", "", "2"]);
    expect(encodeConfiguration(OWNER, found.ok ? found.value : [])).toEqual(file);
  });

  it("is known to be damaged wherever it was changed or cut", () => {
    for (let at = 0; at < file.length; at++) {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(decodeConfiguration(OWNER, flipped).ok, `octet ${at}`).toBe(false);
      expect(decodeConfiguration(OWNER, file.subarray(0, at)).ok, `cut at ${at}`).toBe(false);
    }
  });

  it.each([
    {
      name: "another pod",
      owner: { ...OWNER, node: "sidecar~10.0.0.2~" },
      reason: "it is of sidecar~10.0.0.1~book",
    },
    { name: "another mesh", owner: { ...OWNER, mesh: "other" }, reason: 'in the mesh "cluster.local"' },
  ])("is not for $name", ({ owner, reason }) => {
    const result = decodeConfiguration(owner, file);
    expect(result.ok ? "" : result.error).toContain(reason);
  });

  it("of a later format is left alone", () => {
    const later = Buffer.from(file.toString("latin1").replace('{"format":1,', '{"format":2,'), "latin1");
    expect(decodeConfiguration(OWNER, later)).toEqual({
      ok: false,
      error: "it has the format 2, and this proxy reads 1",
    });
  });
});
