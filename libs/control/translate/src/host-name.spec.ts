import { describe, expect, it } from "vitest";
import { callNames, compareSpecificity, coversHost, resolveHost } from "./host-name.ts";

describe("resolveHost", () => {
  it.each([
    { host: "rating", expected: "rating.books.svc.cluster.local" },
    { host: "Rating", expected: "rating.books.svc.cluster.local" },
    { host: "rating.other", expected: "rating.other" },
    { host: "*.example.com", expected: "*.example.com" },
    { host: "*", expected: "*" },
  ])("takes $host, in the namespace books, for $expected", ({ host, expected }) => {
    expect(resolveHost(host, "books")).toBe(expected);
  });
});

describe("coversHost", () => {
  it.each([
    { pattern: "a.example", host: "a.example", covers: true },
    { pattern: "*.example", host: "a.example", covers: true },
    { pattern: "*.example", host: "example", covers: false },
    { pattern: "*.example", host: ".example", covers: false },
    { pattern: "*", host: "a.example", covers: true },
    { pattern: "a.example", host: "b.example", covers: false },
  ])("$pattern and $host: $covers", ({ pattern, host, covers }) => {
    expect(coversHost(pattern, host)).toBe(covers);
  });
});

describe("compareSpecificity", () => {
  it("puts names before wildcards, and long wildcards before short ones", () => {
    const sorted = ["*", "*.example", "*.books.example", "a.example"].sort(compareSpecificity);
    expect(sorted).toEqual(["a.example", "*.books.example", "*.example", "*"]);
  });
});

describe("callNames", () => {
  const rating = { host: "rating.books.svc.cluster.local", name: "rating", namespace: "books" };

  it("knows the short name in the service's own namespace", () => {
    expect(callNames(rating, "books")).toEqual([
      "rating.books.svc.cluster.local",
      "rating.books.svc.cluster.local.",
      "rating",
      "rating.books.svc",
      "rating.books",
    ]);
  });

  it("does not know it elsewhere", () => {
    expect(callNames(rating, "other")).not.toContain("rating");
  });
});
