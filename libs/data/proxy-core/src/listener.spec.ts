import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import {
  ListenerSchema,
  RouterSchema,
  TcpProxySchema,
  HttpConnectionManagerSchema,
  type Listener,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeListener } from "./listener.ts";
import { rdsListener } from "./sample-resources.ts";

type Chains = Exclude<MessageInitShape<typeof ListenerSchema>, Listener>["filterChains"];

const router = {
  name: "router",
  configType: { case: "typedConfig", value: anyPack(RouterSchema, create(RouterSchema)) },
} as const;
const tcpFilter = {
  name: "tcp",
  configType: {
    case: "typedConfig",
    value: anyPack(
      TcpProxySchema,
      create(TcpProxySchema, { statPrefix: "t", clusterSpecifier: { case: "cluster", value: "c" } }),
    ),
  },
} as const;
const tcp = { filters: [tcpFilter] };

function http({ hasRouter = true, mergeSlashes = false } = {}) {
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: "h",
    routeSpecifier: { case: "routeConfig", value: { name: "inbound|80||" } },
    httpFilters: hasRouter ? [router] : [],
    mergeSlashes,
  });
  const typedConfig = anyPack(HttpConnectionManagerSchema, manager);
  return { filters: [{ name: "http", configType: { case: "typedConfig", value: typedConfig } as const }] };
}

function decode(filterChains: Chains) {
  const socket = { address: "10.0.0.1", portSpecifier: { case: "portValue", value: 80 } } as const;
  const address = { address: { case: "socketAddress", value: socket } } as const;
  return decodeListener(
    create(ListenerSchema, { name: "l", address, ...(filterChains && { filterChains }) }),
    Math.random,
  );
}

describe("decodeListener", () => {
  it("reads a forward proxy's listener", () => {
    const any = rdsListener("http_proxy", "http_proxy");
    const proto = anyUnpack(any, ListenerSchema);
    const result = proto && decodeListener(proto, Math.random);
    expect(result?.ok && result.value).toMatchObject({
      name: "http_proxy",
      port: 15_007,
      direction: "outbound",
      http: { routes: { kind: "discovered", name: "http_proxy" } },
      tcp: undefined,
    });
  });

  it("tells HTTP from all else by the first bytes", () => {
    const match = { applicationProtocols: ["http/1.0", "http/1.1"] };
    const result = decode([{ ...http(), filterChainMatch: match }, tcp]);
    expect(result.ok && result.value).toMatchObject({ http: { statPrefix: "h" }, tcp: { cluster: "c" } });
  });

  it.each<{ name: string; chains: Chains; issue: string }>([
    { name: "no chain", chains: [], issue: "listeners[l].filter_chains must not be empty" },
    {
      name: "two chains of one kind",
      chains: [tcp, tcp],
      issue:
        "listeners[l].filter_chains[1] is a second chain of its kind; there may be one for HTTP and one for all else",
    },
    {
      name: "a chain without a router",
      chains: [http({ hasRouter: false })],
      issue: "listeners[l].filter_chains[0].filters[0].http_filters must end with envoy.filters.http.router",
    },
    {
      name: "a setting that it would ignore",
      chains: [http({ mergeSlashes: true })],
      issue: "listeners[l].filter_chains[0].filters[0].merge_slashes is not supported by this proxy",
    },
    {
      name: "TLS",
      chains: [{ ...tcp, transportSocket: { name: "tls" } }],
      issue: "listeners[l].filter_chains[0].transport_socket is not supported by this proxy",
    },
  ])("refuses $name", ({ chains, issue }) => {
    const result = decode(chains);
    expect(result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`)).toEqual([issue]);
  });
});
