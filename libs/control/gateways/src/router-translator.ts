import { byIdentity } from "@bookmesh/kernel";
import type { EncodedResource, ProxyView, RouterTranslator, TypedResources } from "@bookmesh/translate";
import {
  blackHoleCluster,
  encodeCluster,
  encodeListener,
  encodeResource,
  memo,
  typedResources,
  type MeshIndex,
} from "@bookmesh/translate/parts";
import { SECRET_TYPE_URL, SecretSchema, TYPE_URLS } from "@bookmesh/xds-api";
import {
  translateGatewayListener,
  type GatewayChainInputs,
  type GatewayListenerInputs,
} from "./gateway-listener.ts";
import { gatewayRoutes } from "./gateway-routes.ts";
import type { ServedServer } from "./merged-gateway.ts";
import { secretName, translateSecret, type SecretInputs } from "./secret.ts";
import { servedGateways } from "./served-gateways.ts";

/** Translates what the proxies at the edge of the mesh should have, and remembers parts of it. */
export function routerTranslator(): RouterTranslator {
  const listener = memo((inputs: GatewayListenerInputs) => encodeListener(translateGatewayListener(inputs)));
  const secret = memo((inputs: SecretInputs) =>
    encodeResource(secretName(inputs.name), SecretSchema, translateSecret(inputs)),
  );
  const clusterSet = byIdentity((list: readonly EncodedResource[]) =>
    typedResources(TYPE_URLS.cluster, [...list, encodeCluster(blackHoleCluster())]),
  );
  const endpointSet = byIdentity((list: readonly EncodedResource[]) =>
    typedResources(TYPE_URLS.endpoint, list),
  );
  return {
    translate(index, view, { encode, clusters }) {
      const { served } = servedGateways(index, view);
      // A gateway may be asked for every service that its namespace sees.
      const called = clusters(index, view.namespace);
      const listeners = listenerInputs(served, index, view).map((inputs) => listener.of(inputs));
      const secrets = secretInputs(served, index, view).map((inputs) => secret.of(inputs));
      const routes = gatewayRoutes(served, { index, view, encode });
      return new Map<string, TypedResources>([
        [TYPE_URLS.cluster, clusterSet(called.clusters)],
        [TYPE_URLS.endpoint, endpointSet(called.endpoints)],
        [TYPE_URLS.listener, typedResources(TYPE_URLS.listener, listeners)],
        [TYPE_URLS.route, typedResources(TYPE_URLS.route, routes)],
        [SECRET_TYPE_URL, typedResources(SECRET_TYPE_URL, secrets)],
      ]);
    },
    sweep() {
      listener.sweep();
      secret.sweep();
    },
  };
}

function listenerInputs(
  served: readonly ServedServer[],
  { snapshot }: MeshIndex,
  { podIp, wildcards = [] }: ProxyView,
): readonly GatewayListenerInputs[] {
  const addresses = wildcards.length > 0 ? wildcards : [podIp];
  const { accessLogFile } = snapshot.meshConfig;
  return [...Map.groupBy(served, ({ port }) => port)].map(([port, servers]) => ({
    addresses,
    port,
    chains: chainsOf(servers),
    accessLogFile,
  }));
}

/** Servers in the clear have one chain in common. */
function chainsOf(servers: readonly ServedServer[]): readonly GatewayChainInputs[] {
  const encrypted = servers.filter(({ isEncrypted }) => isEncrypted);
  if (encrypted.length > 0) return encrypted.map(encryptedChain);
  return servers.slice(0, 1).map(({ routes }) => ({ routes }));
}

function encryptedChain({ routes, hosts, server }: ServedServer): GatewayChainInputs {
  const names = [...new Set(hosts.map(({ host }) => host))].sort();
  const { credentialName = "", minProtocolVersion, maxProtocolVersion } = server.tls ?? {};
  return {
    routes,
    tls: {
      serverNames: names.includes("*") ? [] : names,
      credential: credentialName,
      ...(isVersion(minProtocolVersion) && { minimum: minProtocolVersion }),
      ...(isVersion(maxProtocolVersion) && { maximum: maxProtocolVersion }),
    },
  };
}

function isVersion(version: string | undefined): version is "TLSV1_2" | "TLSV1_3" {
  return version === "TLSV1_2" || version === "TLSV1_3";
}

/** The certificates that its servers name and that can be used; the connections of others are refused. */
function secretInputs(
  served: readonly ServedServer[],
  { snapshot }: MeshIndex,
  { namespace }: ProxyView,
): readonly SecretInputs[] {
  const wanted = new Set(served.map(({ server }) => server.tls?.credentialName));
  return snapshot.credentials.flatMap((credential) =>
    credential.namespace === namespace && wanted.has(credential.name) && "privateKey" in credential
      ? [
          {
            name: credential.name,
            certificateChain: credential.certificateChain,
            privateKey: credential.privateKey,
          },
        ]
      : [],
  );
}
