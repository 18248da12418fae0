import { type DiscoveryState, type ResourceSet, warmingOf } from "@bookmesh/discovery";
import { create, toJson, type JsonObject, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, timestampFromMs, type Any } from "@bufbuild/protobuf/wkt";
import { type Node } from "@bookmesh/xds-api";
import {
  anyRegistry,
  BootstrapConfigDumpSchema,
  ClientResourceStatus,
  ClustersConfigDumpSchema,
  ConfigDumpSchema,
  EndpointsConfigDumpSchema,
  ListenersConfigDumpSchema,
  RoutesConfigDumpSchema,
  SecretsConfigDumpSchema,
} from "@bookmesh/xds-api/admin";
import { redactSecret } from "./redact-secret.ts";

/** What is dumped. */
export interface DumpInputs {
  readonly node: Node;
  readonly state: DiscoveryState;
  readonly startedMs: number;
  readonly includesEndpoints: boolean;
  /** Names of top-level fields, as `?mask=` has them; empty: all of them. */
  readonly mask: readonly string[];
}

/**
 * Everything that is configured, as proto-JSON of `envoy.admin.v3.ConfigDump`: what was accepted, what still warms up,
 * and what was refused, with the reason.
 */
export function configDump(inputs: DumpInputs): JsonObject {
  const message = create(ConfigDumpSchema, { configs: [...dumpParts(inputs)] });
  const json = toJson(ConfigDumpSchema, message, {
    registry: anyRegistry(),
    useProtoFieldName: true,
  }) as unknown as {
    readonly configs?: readonly JsonObject[];
  }; // ConfigDump's JSON is an object with this one field
  return { configs: (json.configs ?? []).flatMap((part) => maskPart(part, inputs.mask)) };
}

function dumpParts({ node, state, startedMs, includesEndpoints }: DumpInputs): readonly Any[] {
  const warming = warmingOf(state);
  return [
    anyPack(
      BootstrapConfigDumpSchema,
      create(BootstrapConfigDumpSchema, { bootstrap: { node }, lastUpdated: timestampFromMs(startedMs) }),
    ),
    anyPack(
      ClustersConfigDumpSchema,
      create(ClustersConfigDumpSchema, clustersPart(state, warming.clusters)),
    ),
    ...(includesEndpoints
      ? [anyPack(EndpointsConfigDumpSchema, create(EndpointsConfigDumpSchema, endpointsPart(state)))]
      : []),
    anyPack(
      ListenersConfigDumpSchema,
      create(ListenersConfigDumpSchema, listenersPart(state, warming.listeners)),
    ),
    anyPack(RoutesConfigDumpSchema, create(RoutesConfigDumpSchema, routesPart(state))),
    ...(namesOf(state.secret).length > 0
      ? [anyPack(SecretsConfigDumpSchema, create(SecretsConfigDumpSchema, secretsPart(state)))]
      : []),
  ];
}

function clustersPart(
  { cluster }: DiscoveryState,
  warming: ReadonlySet<string>,
): MessageInitShape<typeof ClustersConfigDumpSchema> {
  const rows = namesOf(cluster).map((name) => ({ name, ...entryOf(cluster, name) }));
  const entries = rows.map(({ name, any, ...entry }) => ({
    name,
    entry: { ...entry, ...(any && { cluster: any }) },
  }));
  return {
    versionInfo: cluster.subscription.acceptedVersion,
    dynamicActiveClusters: entries.filter(({ name }) => !warming.has(name)).map(({ entry }) => entry),
    dynamicWarmingClusters: entries.filter(({ name }) => warming.has(name)).map(({ entry }) => entry),
  };
}

function endpointsPart({ endpoint }: DiscoveryState): MessageInitShape<typeof EndpointsConfigDumpSchema> {
  return {
    dynamicEndpointConfigs: namesOf(endpoint).map((name) => {
      const { any, ...entry } = entryOf(endpoint, name);
      return { ...entry, ...(any && { endpointConfig: any }) };
    }),
  };
}

function routesPart({ route }: DiscoveryState): MessageInitShape<typeof RoutesConfigDumpSchema> {
  return {
    dynamicRouteConfigs: namesOf(route).map((name) => {
      const { any, ...entry } = entryOf(route, name);
      return { ...entry, ...(any && { routeConfig: any }) };
    }),
  };
}

function listenersPart(
  { listener }: DiscoveryState,
  warming: ReadonlySet<string>,
): MessageInitShape<typeof ListenersConfigDumpSchema> {
  return {
    versionInfo: listener.subscription.acceptedVersion,
    dynamicListeners: namesOf(listener).map((name) => {
      const { any, versionInfo, lastUpdated, ...rest } = entryOf(listener, name);
      if (!any) return { name, ...rest };
      const place = warming.has(name) ? "warmingState" : "activeState";
      return { name, ...rest, [place]: { versionInfo, listener: any, ...(lastUpdated && { lastUpdated }) } };
    }),
  };
}

/** Keys are left out, of what was refused as well. */
function secretsPart({ secret }: DiscoveryState): MessageInitShape<typeof SecretsConfigDumpSchema> {
  return {
    dynamicActiveSecrets: namesOf(secret).map((name) => {
      const { any, errorState, ...entry } = entryOf(secret, name);
      return {
        name,
        ...entry,
        ...(any && { secret: redactSecret(any) }),
        ...(errorState && {
          errorState: { ...errorState, failedConfiguration: redactSecret(errorState.failedConfiguration) },
        }),
      };
    }),
  };
}

/** Accepted ones first; then those that were refused the first time they came. */
function namesOf<Spec>({ accepted, rejected }: ResourceSet<Spec>): readonly string[] {
  return [...new Set([...accepted.keys(), ...rejected.keys()])];
}

function entryOf<Spec>(set: ResourceSet<Spec>, name: string) {
  const accepted = set.accepted.get(name);
  const rejected = set.rejected.get(name);
  return {
    versionInfo: accepted?.versionInfo ?? "",
    any: accepted?.any,
    lastUpdated: accepted && timestampFromMs(accepted.lastUpdatedMs),
    clientStatus: rejected ? ClientResourceStatus.NACKED : ClientResourceStatus.ACKED,
    ...(rejected && {
      errorState: {
        failedConfiguration: rejected.any,
        lastUpdateAttempt: timestampFromMs(rejected.lastUpdateAttemptMs),
        details: rejected.details,
        versionInfo: rejected.versionInfo,
      },
    }),
  };
}

/** Keeps the masked fields of a part, and drops a part that has none of them. */
function maskPart(part: JsonObject, mask: readonly string[]): readonly JsonObject[] {
  if (mask.length === 0) return [part];
  const fields = mask.map((path) => path.split(".")[0] ?? path);
  const kept = Object.entries(part).filter(([name]) => fields.includes(name));
  return kept.length === 0 ? [] : [{ "@type": part["@type"] ?? "", ...Object.fromEntries(kept) }];
}
