import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, anyUnpack, durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  ListenerSchema,
  OriginalDstSchema,
  RouterSchema,
  TcpProxySchema,
  HttpConnectionManagerSchema,
  type Listener,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeListener } from "./listener.ts";
import { rdsListener } from "./sample-resources.ts";

type Init = Exclude<MessageInitShape<typeof ListenerSchema>, Listener>;
type Chains = Init["filterChains"];

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
const originalDst = {
  name: "envoy.filters.listener.original_dst",
  configType: { case: "typedConfig", value: anyPack(OriginalDstSchema, create(OriginalDstSchema)) },
} as const;
const HTTP1 = ["http/1.0", "http/1.1"];

function socketAddress(address: string) {
  const socket = { address, portSpecifier: { case: "portValue", value: 80 } } as const;
  return { address: { case: "socketAddress", value: socket } } as const;
}

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

function decode(filterChains: Chains, init: Init = {}) {
  const address = socketAddress("10.0.0.1");
  return decodeListener(
    create(ListenerSchema, { name: "l", address, ...(filterChains && { filterChains }), ...init }),
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
    const match = { applicationProtocols: HTTP1 };
    const result = decode([{ ...http(), filterChainMatch: match }, tcp]);
    expect(result.ok && result.value).toMatchObject({ http: { statPrefix: "h" }, tcp: { cluster: "c" } });
  });

  it("finds chains by destination port, and leaves to the default chain what no other takes", () => {
    const onPort = (destinationPort: number, applicationProtocols: string[] = []) => ({
      filterChainMatch: { destinationPort, applicationProtocols },
    });
    const chains = [
      { ...tcp, ...onPort(15_006) },
      { ...http(), ...onPort(8080, HTTP1) },
      { ...http(), ...onPort(9090) },
    ];
    const result = decode(chains, { defaultFilterChain: tcp });
    const both = { http: { statPrefix: "h" }, tcp: { cluster: "c" } };
    expect(result.ok && result.value).toMatchObject({
      http: undefined,
      tcp: { cluster: "c" },
      chainsByPort: new Map([
        [15_006, expect.objectContaining({ http: undefined })],
        [8080, expect.objectContaining({ tcp: expect.objectContaining(both.tcp) as unknown })],
        [9090, expect.objectContaining({ tcp: undefined })],
      ]),
    });
  });

  it.each([
    { name: "nothing", init: {}, expected: { redirection: "none", hasSocket: true } },
    {
      name: "original_dst",
      init: { listenerFilters: [originalDst] },
      expected: { redirection: "ownChains" },
    },
    {
      name: "use_original_dst",
      init: { useOriginalDst: true, bindToPort: false },
      expected: { redirection: "allListeners", hasSocket: false },
    },
    {
      name: "a time for inspection",
      init: { listenerFiltersTimeout: durationFromMs(300), continueOnListenerFiltersTimeout: true },
      expected: { inspection: { timeoutMs: 300, goesOn: true } },
    },
    {
      name: "both families",
      init: { additionalAddresses: [{ address: socketAddress("::") }] },
      expected: { address: "10.0.0.1", additionalAddresses: [{ address: "::", port: 80 }] },
    },
  ])("knows how connections come to it: $name", ({ init, expected }) => {
    const result = decode([tcp], init);
    expect(result.ok && result.value).toMatchObject(expected);
  });

  it.each<{ name: string; chains: Chains; issue: string }>([
    {
      name: "two chains of one kind for one port",
      chains: [80, 80].map((destinationPort) => ({ ...tcp, filterChainMatch: { destinationPort } })),
      issue:
        "listeners[l].filter_chains[1] is a second chain of its kind; there may be one for HTTP and one for all else",
    },
    {
      name: "chains by address",
      chains: [{ ...tcp, filterChainMatch: { prefixRanges: [{ addressPrefix: "10.0.0.0" }] } }],
      issue: "listeners[l].filter_chains[0].filter_chain_match.prefix_ranges is not supported by this proxy",
    },
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
      name: "a transport that is not configured",
      chains: [{ ...tcp, transportSocket: { name: "tls" } }],
      issue: "listeners[l].filter_chains[0].transport_socket must have a typed_config",
    },
  ])("refuses $name", ({ chains, issue }) => {
    const result = decode(chains);
    expect(result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`)).toEqual([issue]);
  });
});
