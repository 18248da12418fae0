import type { RequestView } from "@bookmesh/proxy-core";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { RouteMatchSchema } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { placeOf } from "./place.ts";
import { readRouteMatch } from "./route-match.ts";

type MatchInit = MessageInitShape<typeof RouteMatchSchema>;

const PRESENT = { case: "presentMatch", value: true } as const;
const exactly = (value: string) =>
  ({ case: "stringMatch", value: { matchPattern: { case: "exact", value } } }) as const;
const ANY_PATH = { pathSpecifier: { case: "prefix", value: "/" } } as const;

function read(match: MatchInit) {
  return readRouteMatch(placeOf("routes", "r"), create(RouteMatchSchema, match), () => 0.5);
}

function request(path: string, headers: Readonly<Record<string, string>> = {}): RequestView {
  return { method: "GET", path, authority: "rating", scheme: "http", header: (name) => headers[name] };
}

describe("readRouteMatch", () => {
  it.each<{
    name: string;
    match: MatchInit;
    takes: RequestView[];
    leaves: RequestView[];
  }>([
    {
      name: "an exact path, without the query",
      match: { pathSpecifier: { case: "path", value: "/rate" } },
      takes: [request("/rate"), request("/rate?x=1")],
      leaves: [request("/rate/1"), request("/RATE")],
    },
    {
      name: "a prefix",
      match: { pathSpecifier: { case: "prefix", value: "/rate" } },
      takes: [request("/rate"), request("/rates")],
      leaves: [request("/book")],
    },
    {
      name: "a prefix whatever its case",
      match: { pathSpecifier: { case: "prefix", value: "/rate" }, caseSensitive: false },
      takes: [request("/RATE/1")],
      leaves: [request("/book")],
    },
    {
      name: "a prefix of whole segments",
      match: { pathSpecifier: { case: "pathSeparatedPrefix", value: "/rate" } },
      takes: [request("/rate"), request("/rate/1"), request("/rate?x")],
      leaves: [request("/rates")],
    },
    {
      name: "an expression, against the whole path",
      match: { pathSpecifier: { case: "safeRegex", value: { regex: "/rate/\\d+" } } },
      takes: [request("/rate/12?x=y")],
      leaves: [request("/rate/12/x"), request("/rate/")],
    },
    {
      name: "a header",
      match: {
        ...ANY_PATH,
        headers: [
          {
            name: "End-User",
            headerMatchSpecifier: exactly("jason"),
          },
        ],
      },
      takes: [request("/", { "end-user": "jason" })],
      leaves: [request("/"), request("/", { "end-user": "anna" })],
    },
    {
      name: "a header that must not have a value",
      match: {
        ...ANY_PATH,
        headers: [
          {
            name: "x",
            invertMatch: true,
            treatMissingHeaderAsEmpty: true,
            headerMatchSpecifier: exactly("1"),
          },
        ],
      },
      takes: [request("/"), request("/", { x: "2" })],
      leaves: [request("/", { x: "1" })],
    },
    {
      name: "a header that must be absent",
      match: {
        ...ANY_PATH,
        headers: [{ name: "x", invertMatch: true, headerMatchSpecifier: PRESENT }],
      },
      takes: [request("/")],
      leaves: [request("/", { x: "" }), request("/", { x: "1" })],
    },
    {
      name: "the method",
      match: {
        ...ANY_PATH,
        headers: [
          {
            name: ":method",
            headerMatchSpecifier: exactly("GET"),
          },
        ],
      },
      takes: [request("/")],
      leaves: [{ ...request("/"), method: "POST" }],
    },
    {
      name: "a query parameter",
      match: {
        ...ANY_PATH,
        queryParameters: [
          {
            name: "v",
            queryParameterMatchSpecifier: {
              case: "stringMatch",
              value: { matchPattern: { case: "prefix", value: "2" } },
            },
          },
        ],
      },
      takes: [request("/?v=2.1"), request("/?a=1&v=2")],
      leaves: [request("/"), request("/?v=1"), request("/?v")],
    },
  ])("matches by $name", ({ match, takes, leaves }) => {
    const { matches } = read(match);
    expect(takes.map(matches)).not.toContain(false);
    expect(leaves.map(matches)).not.toContain(true);
  });

  it("knows the route that takes everything", () => {
    expect(read(ANY_PATH).takesAll).toBe(true);
    expect(read({ ...ANY_PATH, headers: [{ name: "x" }] }).takesAll).toBe(false);
  });
});
