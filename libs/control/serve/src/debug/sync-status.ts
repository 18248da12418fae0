import { create, toBinary, type JsonObject } from "@bufbuild/protobuf";
import { AnySchema, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { NodeSchema, TYPE_URLS, typeUrlOf } from "@bookmesh/xds-api";
import {
  ClientConfig_GenericXdsConfigSchema,
  ClientConfigSchema,
  ConfigStatus,
  UpdateFailureStateSchema,
  type UpdateFailureState,
  type ClientConfig_GenericXdsConfig,
} from "@bookmesh/xds-api/admin";
import { metadataText, proxyIdOf } from "../ads/connected-node.ts";
import type { Connection } from "../ads/connection.ts";
import type { EncodedResource } from "@bookmesh/translate";
import type { Rejection, Subscription } from "../ads/subscription.ts";

/** How far one proxy is, in the form in which istiod answers `/debug/syncz`. */
export function syncStatus(connection: Connection): JsonObject {
  const { node } = connection;
  const byType = new Map([...connection.subscriptions].map((one) => [one.typeUrl, one]));
  return {
    proxy: proxyIdOf(node),
    proxy_type: node.parsed.type,
    cluster_id: metadataText(node.metadata, "CLUSTER_ID") ?? "",
    istio_version: metadataText(node.metadata, "ISTIO_VERSION") ?? "",
    ...nonces("cluster", byType.get(TYPE_URLS.cluster)),
    ...nonces("listener", byType.get(TYPE_URLS.listener)),
    ...nonces("route", byType.get(TYPE_URLS.route)),
    ...nonces("endpoint", byType.get(TYPE_URLS.endpoint)),
    resources: Object.fromEntries([...byType].map(([typeUrl, one]) => [typeUrl, resourceStatus(one)])),
  };
}

function nonces(prefix: string, subscription: Subscription | undefined): JsonObject {
  if (subscription?.sent === undefined) return {};
  return { [`${prefix}_sent`]: subscription.sent.nonce, [`${prefix}_acked`]: subscription.ackedNonce };
}

function resourceStatus({ sent, ackedNonce, rejection }: Subscription): JsonObject {
  return {
    sent: sent?.nonce ?? "",
    acked: ackedNonce,
    ...(sent && { sentTime: new Date(sent.atMs).toISOString(), version: sent.content.version }),
    ...(rejection && { lastError: rejection.message, lastErrorTime: new Date(rejection.atMs).toISOString() }),
  };
}

/** The same as a resource of type `istio.io/debug/syncz`, which is how istioctl asks. */
export function syncResource(connection: Connection): EncodedResource {
  const { node } = connection;
  const name = proxyIdOf(node);
  const config = create(ClientConfigSchema, {
    node: create(NodeSchema, { id: name, metadata: node.metadata }),
    genericXdsConfigs: [...connection.subscriptions].map(genericConfig),
  });
  const value = toBinary(ClientConfigSchema, config);
  const any = create(AnySchema, { typeUrl: typeUrlOf(ClientConfigSchema), value });
  return { name, version: "", any: toBinary(AnySchema, any) };
}

function genericConfig(subscription: Subscription): ClientConfig_GenericXdsConfig {
  const { typeUrl, sent, rejection } = subscription;
  return create(ClientConfig_GenericXdsConfigSchema, {
    typeUrl,
    versionInfo: subscription.ackedVersion,
    configStatus: configStatus(subscription),
    ...(sent && { lastUpdated: timestampFromMs(sent.atMs) }),
    ...(rejection && { errorState: errorState(rejection) }),
  });
}

function errorState({ message, version, atMs }: Rejection): UpdateFailureState {
  return create(UpdateFailureStateSchema, {
    details: message,
    versionInfo: version,
    lastUpdateAttempt: timestampFromMs(atMs),
  });
}

function configStatus({ sent, pending, rejection }: Subscription): ConfigStatus {
  if (sent === undefined) return ConfigStatus.NOT_SENT;
  if (rejection !== undefined) return ConfigStatus.ERROR;
  return pending ? ConfigStatus.STALE : ConfigStatus.SYNCED;
}
