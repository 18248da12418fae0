import { describe, expect, it } from "vitest";
import { formatSpiffeId, parseSpiffeId, workloadSpiffeId } from "./spiffe-id.ts";

describe("parseSpiffeId", () => {
  it.each([
    { id: "spiffe://mesh.example/ns/books/sa/ratings", path: "/ns/books/sa/ratings" },
    { id: "spiffe://mesh.example", path: "" },
  ])("reads $id", ({ id, path }) => {
    expect(parseSpiffeId(id)).toEqual({ ok: true, value: { trustDomain: "mesh.example", path } });
  });

  it.each([
    { id: "https://mesh.example/a", why: "scheme" },
    { id: "spiffe://Mesh.example/a", why: "upper case in the trust domain" },
    { id: "spiffe://mesh.example:443/a", why: "port" },
    { id: "spiffe:///a", why: "empty trust domain" },
    { id: "spiffe://mesh.example/a/", why: "trailing slash" },
    { id: "spiffe://mesh.example//a", why: "empty segment" },
    { id: "spiffe://mesh.example/a/../b", why: "dot segment" },
    { id: "spiffe://mesh.example/a%20b", why: "percent-encoding" },
    { id: `spiffe://mesh.example/${"a".repeat(2_048)}`, why: "length" },
  ])("refuses a bad $why", ({ id }) => {
    expect(parseSpiffeId(id).ok).toBe(false);
  });
});

describe("workloadSpiffeId", () => {
  it("names namespace and service account as Istio does", () => {
    const id = workloadSpiffeId("cluster.local", { namespace: "default", serviceAccount: "rating" });
    expect(formatSpiffeId(id)).toBe("spiffe://cluster.local/ns/default/sa/rating");
  });
});
