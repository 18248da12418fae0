import { describe, expect, it } from "vitest";
import { prefixRewrite } from "./path-rewrite.ts";

const PLACE = { path: "route", issues: [] };

describe("prefixRewrite", () => {
  it.each([
    { what: "the matched prefix", matched: "/old", path: "/old/1?a=b", to: "/new/1?a=b" },
    { what: "the whole path of an expression", matched: undefined, path: "/old/1?a=b", to: "/new?a=b" },
  ])("replaces $what and keeps the query", ({ matched, path, to }) => {
    const request = { method: "GET", path, authority: "a", scheme: "http", header: () => undefined };
    expect(prefixRewrite(PLACE, "/new", matched)(request)).toBe(to);
  });
});
