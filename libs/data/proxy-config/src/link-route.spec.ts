import { create } from "@bufbuild/protobuf";
import {
  HeaderValueOption_HeaderAppendAction as AppendAction,
  RouteConfigurationSchema,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { linkRoute } from "./link-route.ts";
import { decodeRouteConfiguration } from "./route.ts";

const set = (key: string, value: string) => ({
  header: { key, value },
  appendAction: AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
});

/** A route to `a` and `b` in equal parts, of which `a` edits heads. */
const CONFIGURATION = create(RouteConfigurationSchema, {
  name: "r",
  virtualHosts: [
    {
      name: "v",
      domains: ["*"],
      routes: [
        {
          match: { pathSpecifier: { case: "prefix", value: "/" } },
          requestHeadersToAdd: [set("x-route", "1")],
          action: {
            case: "route",
            value: {
              clusterSpecifier: {
                case: "weightedClusters",
                value: {
                  clusters: [
                    {
                      name: "a",
                      weight: 1,
                      requestHeadersToAdd: [set("x-route", "0"), set("x-a", "2")],
                      responseHeadersToRemove: ["server"],
                      hostRewriteSpecifier: { case: "hostRewriteLiteral", value: "inner" },
                    },
                    { name: "b", weight: 1 },
                  ],
                },
              },
            },
          },
        },
      ],
    },
  ],
});

function linked() {
  const decoded = decodeRouteConfiguration(CONFIGURATION, () => 0);
  const route = decoded.ok ? decoded.value.virtualHosts[0]?.routes[0] : undefined;
  if (route === undefined) throw new Error("The route is refused.");
  const { action } = linkRoute(route, { idleTimeoutMs: 0, fault: undefined }, new Map());
  if (action.kind !== "forward") throw new Error("The route does not forward.");
  return action;
}

describe("a destination of several", () => {
  it.each([
    {
      name: "edits heads of its own, before the route does",
      draw: 0,
      edits: {
        set: [
          ["x-route", "1"],
          ["x-a", "2"],
        ],
        authority: "inner",
      },
      responseEdits: { remove: ["server"] },
    },
    {
      name: "without edits leaves them to the route",
      draw: 0.5,
      edits: { set: [["x-route", "1"]], authority: undefined },
      responseEdits: undefined,
    },
  ])("$name", ({ draw, edits, responseEdits }) => {
    const action = linked().actionFor?.(draw);
    expect(action?.edits).toMatchObject(edits);
    if (responseEdits === undefined) expect(action?.responseEdits).toBeUndefined();
    else expect(action?.responseEdits).toMatchObject(responseEdits);
  });
});
