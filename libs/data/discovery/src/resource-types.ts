import {
  type AssignmentSpec,
  type ListenerSpec,
  type RouteConfigSpec,
  type SecretSpec,
  decodeAssignment,
  decodeCluster,
  decodeListener,
  decodeRouteConfiguration,
  decodeSecret,
} from "@bookmesh/proxy-config";
import type { ClusterSpec } from "@bookmesh/proxy-core/clusters";
import type { InspectKeyPair } from "@bookmesh/proxy-core/tls";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { err, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  SecretSchema,
} from "@bookmesh/xds-api";

/** The kinds of resources that a proxy asks for. */
export type ResourceKind = keyof SpecOfKind;

/** What a decoded resource of each kind is. */
export interface SpecOfKind {
  readonly cluster: ClusterSpec;
  readonly endpoint: AssignmentSpec;
  readonly listener: ListenerSpec;
  readonly route: RouteConfigSpec;
  readonly secret: SecretSpec;
}

/** What decoding needs besides the resource. */
export interface DecodePorts {
  readonly random: Random;
  readonly inspectKeyPair: InspectKeyPair;
}

/** How resources of one kind are read. */
export interface ResourceType<Spec> {
  readonly typeUrl: string;
  /** True where a response holds all resources, so that one left out is gone. Source: xDS protocol, state of the world. */
  readonly isWhole: boolean;
  /** True where resources know nothing of each other, so that one that is refused does not keep the others out. */
  readonly standsAlone?: boolean;
  /** Reads a resource; its name is "" where not even that can be read. */
  decode(any: Any, ports: DecodePorts): DecodedResource<Spec>;
}

/** A resource's name, and its content or all that is wrong with it. */
export interface DecodedResource<Spec> {
  readonly name: string;
  readonly result: Result<Spec, readonly ConfigIssue[]>;
}

/** One row a kind. */
export const RESOURCE_TYPES: { readonly [Kind in ResourceKind]: ResourceType<SpecOfKind[Kind]> } = {
  cluster: resourceType(ClusterSchema, { isWhole: true, nameOf: ({ name }) => name, decode: decodeCluster }),
  endpoint: resourceType(ClusterLoadAssignmentSchema, {
    isWhole: false,
    nameOf: ({ clusterName }) => clusterName,
    decode: decodeAssignment,
  }),
  listener: resourceType(ListenerSchema, {
    isWhole: true,
    nameOf: ({ name }) => name,
    decode: (proto, { random }) => decodeListener(proto, random),
  }),
  route: resourceType(RouteConfigurationSchema, {
    isWhole: false,
    nameOf: ({ name }) => name,
    decode: (proto, { random }) => decodeRouteConfiguration(proto, random),
  }),
  secret: resourceType(SecretSchema, {
    isWhole: false,
    standsAlone: true,
    nameOf: ({ name }) => name,
    decode: (proto, { inspectKeyPair }) => decodeSecret(proto, inspectKeyPair),
  }),
};

/** The kind that a type URL names. */
export function kindOfTypeUrl(typeUrl: string): ResourceKind | undefined {
  const kinds = ["cluster", "endpoint", "listener", "route", "secret"] as const;
  return kinds.find((kind) => RESOURCE_TYPES[kind].typeUrl === typeUrl);
}

function resourceType<Desc extends DescMessage, Spec>(
  schema: Desc,
  row: {
    readonly isWhole: boolean;
    readonly standsAlone?: boolean;
    readonly nameOf: (message: MessageShape<Desc>) => string;
    readonly decode: (message: MessageShape<Desc>, ports: DecodePorts) => DecodedResource<Spec>["result"];
  },
): ResourceType<Spec> {
  const typeUrl = `type.googleapis.com/${schema.typeName}`;
  return {
    typeUrl,
    isWhole: row.isWhole,
    standsAlone: row.standsAlone ?? false,
    decode(any, ports) {
      const message = unpack(any, schema);
      if (!message) return unreadable(any, typeUrl);
      const name = row.nameOf(message);
      return { name, result: row.decode(message, ports) };
    },
  };
}

function unpack<Desc extends DescMessage>(any: Any, schema: Desc): MessageShape<Desc> | undefined {
  try {
    return anyUnpack(any, schema);
  } catch {
    return undefined; // Bytes that are no such message: the caller says so, with both types.
  }
}

function unreadable(any: Any, typeUrl: string): DecodedResource<never> {
  const problem = `holds ${any.typeUrl}, which cannot be read as ${typeUrl}`;
  return { name: "", result: err([{ path: "resources", problem }]) };
}
