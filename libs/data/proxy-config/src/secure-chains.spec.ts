import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  HttpConnectionManagerSchema,
  ListenerSchema,
  RouterSchema,
  TlsParameters_TlsProtocol as Protocol,
  type CommonTlsContext,
  type FilterChainMatchSchema,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeListener, secretNamesOf } from "./listener.ts";

type CommonInit = Exclude<MessageInitShape<typeof CommonTlsContextSchema>, CommonTlsContext>;
type Match = MessageInitShape<typeof FilterChainMatchSchema>;

const FROM_ADS = { configSourceSpecifier: { case: "ads", value: {} } } as const;
const NAMED = { tlsCertificateSdsSecretConfigs: [{ name: "kubernetes://shop", sdsConfig: FROM_ADS }] };

function socket(common: CommonInit = NAMED, requireClientCertificate = false) {
  const commonTlsContext = create(CommonTlsContextSchema, common);
  const context = create(DownstreamTlsContextSchema, { commonTlsContext, requireClientCertificate });
  return {
    name: "envoy.transport_sockets.tls",
    configType: { case: "typedConfig", value: anyPack(DownstreamTlsContextSchema, context) },
  } as const;
}

function chain(filterChainMatch: Match, transportSocket?: ReturnType<typeof socket>) {
  const router = anyPack(RouterSchema, create(RouterSchema));
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: "h",
    routeSpecifier: { case: "rds", value: { routeConfigName: "https.443", configSource: FROM_ADS } },
    httpFilters: [{ name: "router", configType: { case: "typedConfig", value: router } }],
  });
  const value = anyPack(HttpConnectionManagerSchema, manager);
  return {
    filterChainMatch,
    filters: [{ name: "http", configType: { case: "typedConfig", value } as const }],
    ...(transportSocket && { transportSocket }),
  };
}

function decode(...filterChains: readonly ReturnType<typeof chain>[]) {
  const place = { address: "0.0.0.0", portSpecifier: { case: "portValue", value: 8443 } } as const;
  const address = { address: { case: "socketAddress", value: place } } as const;
  const proto = create(ListenerSchema, { name: "l", address, filterChains: [...filterChains] });
  return decodeListener(proto, () => 0);
}

function issuesOf(result: ReturnType<typeof decode>): readonly string[] {
  return result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`);
}

describe("chains for TLS", () => {
  it("are told by the names that clients ask for, and offer what this proxy speaks", () => {
    const alpn = { ...NAMED, alpnProtocols: ["h2", "http/1.1"] };
    const result = decode(
      chain({ serverNames: ["Shop.Example", "*.shop.example"] }, socket(alpn)),
      chain({}, socket({ ...NAMED, tlsParams: { tlsMinimumProtocolVersion: Protocol.TLSv1_3 } })),
    );
    if (!result.ok) throw new Error(issuesOf(result).join("; "));
    const { secureChains, http } = result.value;
    expect(http).toBeUndefined();
    expect(secureChains).toMatchObject([
      {
        match: { serverNames: ["shop.example", "*.shop.example"] },
        tls: { settings: { applicationProtocols: ["http/1.1"], minimumVersion: "TLSv1.2" } },
      },
      { match: { serverNames: [] }, tls: { settings: { minimumVersion: "TLSv1.3" } } },
    ]);
    expect(secretNamesOf(result.value)).toEqual(["kubernetes://shop", "kubernetes://shop"]);
  });

  it.each([
    {
      name: "checks of client certificates",
      chains: [chain({}, socket(NAMED, true))],
      issue:
        "transport_socket.require_client_certificate must be false: this proxy checks no client certificates",
    },
    {
      name: "no certificate",
      chains: [chain({}, socket({}))],
      issue: "transport_socket.common_tls_context.tls_certificate_sds_secret_configs must have one element",
    },
    {
      name: "a certificate that stands in it",
      chains: [chain({}, socket({ ...NAMED, tlsCertificates: [{}] }))],
      issue: "transport_socket.common_tls_context.tls_certificates is not supported by this proxy",
    },
    {
      name: "versions that are not safe",
      chains: [chain({}, socket({ ...NAMED, tlsParams: { tlsMinimumProtocolVersion: Protocol.TLSv1_0 } }))],
      issue:
        "transport_socket.common_tls_context.tls_params.tls_minimum_protocol_version must be TLSv1_2 or TLSv1_3: older versions are not safe",
    },
    {
      name: "ciphers",
      chains: [chain({}, socket({ ...NAMED, tlsParams: { cipherSuites: ["AES128-SHA"] } }))],
      issue: "transport_socket.common_tls_context.tls_params.cipher_suites is not supported by this proxy",
    },
    {
      name: "an asterisk within a name",
      chains: [chain({ serverNames: ["a.*.example"] }, socket())],
      issue: "filter_chain_match.server_names[0] must be a name or *.suffix",
    },
    {
      name: "names without TLS",
      chains: [chain({ serverNames: ["a"], transportProtocol: "raw_buffer" })],
      issue: "filter_chain_match.server_names must be empty: without TLS there are none",
    },
  ])("refuse $name", ({ chains, issue }) => {
    expect(issuesOf(decode(...chains))).toEqual([`listeners[l].filter_chains[0].${issue}`]);
  });

  it("refuse a name that another chain has", () => {
    const chains = [["a", "b"], ["B"]].map((serverNames) => chain({ serverNames }, socket()));
    expect(issuesOf(decode(...chains))).toEqual([
      'listeners[l].filter_chains[1] is the second chain for the server name "b"',
    ]);
  });
});
