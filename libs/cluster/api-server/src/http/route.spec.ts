import { describe, expect, it } from "vitest";
import { parseRoute } from "./route.ts";

const core = { type: "resource", group: "", version: "v1" };

describe("parseRoute", () => {
  it.each([
    { path: "/api", route: { type: "core-versions" } },
    { path: "/api/v1", route: { type: "resources", group: "", version: "v1" } },
    { path: "/apis/", route: { type: "groups" } },
    { path: "/apis/apps", route: { type: "group", group: "apps" } },
    { path: "/apis/apps/v1", route: { type: "resources", group: "apps", version: "v1" } },
    { path: "/api/v1/pods", route: { ...core, plural: "pods" } },
    { path: "/api/v1/nodes/n", route: { ...core, plural: "nodes", name: "n" } },
    { path: "/api/v1/namespaces/n", route: { ...core, plural: "namespaces", name: "n" } },
    {
      path: "/api/v1/namespaces/n/status",
      route: { ...core, plural: "namespaces", name: "n", subresource: "status" },
    },
    { path: "/api/v1/namespaces/n/pods", route: { ...core, plural: "pods", namespace: "n" } },
    {
      path: "/api/v1/namespaces/n/pods/p/log",
      route: { ...core, plural: "pods", namespace: "n", name: "p", subresource: "log" },
    },
    {
      path: "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
      route: {
        type: "resource",
        group: "rbac.authorization.k8s.io",
        version: "v1",
        plural: "clusterroles",
        name: "system:node",
      },
    },
    { path: "/api/v1/namespaces/n/pods/p/log/more", route: undefined },
    { path: "/api/v1//pods", route: undefined },
    { path: "/api/v1/pods/%E0%A4%A", route: undefined },
    { path: "/api/v1/namespaces/n/pods/a%2Fb", route: undefined },
    { path: "/metrics", route: undefined },
  ])("reads $path", ({ path, route }) => {
    expect(parseRoute(path)).toEqual(route);
  });
});
