import { toJson } from "@bufbuild/protobuf";
import { RouteSchema } from "@bookmesh/xds-api";
import { anyRegistry } from "@bookmesh/xds-api/admin";
import { describe, expect, it } from "vitest";
import { translateHttpRoute, type HttpRouteInputs } from "./http-route.ts";

const REGISTRY = anyRegistry();
const PREVIOUS_HOSTS = { name: "envoy.retry_host_predicates.previous_hosts" };

function routeOf(inputs: Partial<HttpRouteInputs>) {
  const route = translateHttpRoute({ name: "", targets: [{ cluster: "rating", weight: 1 }], ...inputs });
  return toJson(RouteSchema, route, { registry: REGISTRY, useProtoFieldName: true });
}

describe("a route's retries", () => {
  it.each<{ name: string; retries: HttpRouteInputs["retries"]; policy: object }>([
    {
      name: "take status numbers for the list that Envoy has for them",
      retries: { attempts: 3, retryOn: "5xx, 409" },
      policy: {
        retry_on: "5xx,retriable-status-codes",
        retriable_status_codes: [409],
        num_retries: 3,
        retry_host_predicate: [PREVIOUS_HOSTS],
        host_selection_retry_max_attempts: "5",
      },
    },
    {
      name: "may go to the same host again",
      retries: { attempts: 1, retryOn: "reset", retryIgnorePreviousHosts: false, backoff: "100ms" },
      policy: {
        retry_on: "reset",
        num_retries: 1,
        host_selection_retry_max_attempts: "5",
        retry_back_off: { base_interval: "0.100s" },
      },
    },
  ])("$name", ({ retries, policy }) => {
    expect(routeOf({ retries })).toMatchObject({ route: { retry_policy: policy } });
  });

  it("are none where no attempts are named", () => {
    expect(routeOf({ retries: { perTryTimeout: "5s" } })).toEqual({
      match: { prefix: "/" },
      route: { cluster: "rating", timeout: "0s", max_grpc_timeout: "0s" },
    });
  });
});

describe("a route", () => {
  it.each<{ name: string; inputs: Partial<HttpRouteInputs>; json: object }>([
    {
      name: "gives the last word on headers to its only destination",
      inputs: {
        headers: [
          { request: { set: { "x-a": "route", host: "one" }, remove: ["x-b"] } },
          { request: { set: { "x-a": "destination", host: "other" } } },
        ],
      },
      json: {
        request_headers_to_add: [
          { header: { key: "x-a", value: "route" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
          { header: { key: "x-a", value: "destination" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
        ],
        request_headers_to_remove: ["x-b"],
        route: { host_rewrite_literal: "one" },
      },
    },
    {
      name: "names no port in a redirect that the scheme means anyway",
      inputs: { redirect: { scheme: "https", port: 443 } },
      json: { redirect: { scheme_redirect: "https" } },
    },
    {
      name: "names any other port in a redirect",
      inputs: { redirect: { port: 8443, scheme: "https" } },
      json: { redirect: { scheme_redirect: "https", port_redirect: 8443 } },
    },
    {
      name: "takes a lone star for any value of a header",
      inputs: { match: { headers: { "x-a": { regex: "*" } }, queryParams: { q: { regex: "*" } } } },
      json: {
        match: {
          headers: [{ name: "x-a", present_match: true }],
          query_parameters: [{ name: "q", present_match: true }],
        },
      },
    },
    {
      name: "gives a fault without a share to nobody",
      inputs: { fault: { abort: { httpStatus: 503 } } },
      json: {
        typed_per_filter_config: {
          "envoy.filters.http.fault": {
            abort: { http_status: 503, percentage: { denominator: "MILLION" } },
          },
        },
      },
    },
  ])("$name", ({ inputs, json }) => {
    expect(routeOf(inputs)).toMatchObject(json);
  });
});
