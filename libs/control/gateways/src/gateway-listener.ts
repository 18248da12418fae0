import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  accessLog,
  fromAds,
  fromAdsSoon,
  httpChain,
  socketAddress,
  WEBSOCKET,
  type Chain,
} from "@bookmesh/translate/parts";
import {
  DownstreamTlsContextSchema,
  HttpConnectionManager_ForwardClientCertDetails as ForwardClientCertDetails,
  ListenerSchema,
  TlsInspectorSchema,
  TlsParameters_TlsProtocol as TlsProtocol,
  TrafficDirection,
  type Listener,
} from "@bookmesh/xds-api";
import { secretName } from "./secret.ts";

/** Everything that a gateway's listener depends on. It is also the cache key. */
export interface GatewayListenerInputs {
  /** One for each address family. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly chains: readonly GatewayChainInputs[];
  readonly accessLogFile: string;
}

/** What serves the connections of one listener, or those for some names. */
export interface GatewayChainInputs {
  /** The name of the route configuration. */
  readonly routes: string;
  readonly tls?: {
    /** Empty: whatever name the client asks for, or none. */
    readonly serverNames: readonly string[];
    readonly credential: string;
    readonly minimum?: "TLSV1_2" | "TLSV1_3";
    readonly maximum?: "TLSV1_2" | "TLSV1_3";
  };
}

/** Builds the listener of one port of a gateway. */
export function translateGatewayListener(inputs: GatewayListenerInputs): Listener {
  const { addresses, port, chains } = inputs;
  const [address = "0.0.0.0", ...others] = addresses;
  const isEncrypted = chains.some(({ tls }) => tls !== undefined);
  return create(ListenerSchema, {
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    additionalAddresses: others.map((other) => ({ address: socketAddress(other, port) })),
    trafficDirection: TrafficDirection.OUTBOUND,
    ...(isEncrypted && { listenerFilters: [tlsInspector()] }),
    filterChains: chains.map((chain) => filterChain(chain, `outbound_${address}_${port}`, inputs)),
  });
}

function filterChain(
  { routes, tls }: GatewayChainInputs,
  statPrefix: string,
  { accessLogFile }: GatewayListenerInputs,
): Chain {
  const chain = httpChain({
    statPrefix,
    routeSpecifier: { case: "rds", value: { routeConfigName: routes, configSource: fromAds() } },
    // Whoever calls stands outside: what he says of his own address and identity is not taken over.
    useRemoteAddress: true,
    forwardClientCertDetails: ForwardClientCertDetails.SANITIZE_SET,
    setCurrentClientCertDetails: { subject: true, cert: true, dns: true, uri: true },
    upgradeConfigs: WEBSOCKET,
    ...accessLog(accessLogFile),
  });
  if (tls === undefined) return chain;
  const { serverNames } = tls;
  return {
    ...chain,
    ...(serverNames.length > 0 && { filterChainMatch: { serverNames: [...serverNames] } }),
    transportSocket: { name: "envoy.transport_sockets.tls", configType: tlsConfig(tls) },
  };
}

const VERSIONS = { TLSV1_2: TlsProtocol.TLSv1_2, TLSV1_3: TlsProtocol.TLSv1_3 } as const;

function tlsConfig({ credential, minimum = "TLSV1_2", maximum }: NonNullable<GatewayChainInputs["tls"]>) {
  const context = create(DownstreamTlsContextSchema, {
    requireClientCertificate: false,
    commonTlsContext: {
      alpnProtocols: ["h2", "http/1.1"],
      tlsParams: {
        tlsMinimumProtocolVersion: VERSIONS[minimum],
        ...(maximum !== undefined && { tlsMaximumProtocolVersion: VERSIONS[maximum] }),
      },
      // A listener does not wait for ever for one Secret that is missing, since it has other servers too.
      tlsCertificateSdsSecretConfigs: [{ name: secretName(credential), sdsConfig: fromAdsSoon() }],
    },
  });
  return { case: "typedConfig", value: anyPack(DownstreamTlsContextSchema, context) } as const;
}

function tlsInspector() {
  const inspector = anyPack(TlsInspectorSchema, create(TlsInspectorSchema));
  return {
    name: "envoy.filters.listener.tls_inspector",
    configType: { case: "typedConfig", value: inspector },
  } as const;
}
