import {
  type AssignmentSpec,
  type ListenerSpec,
  type RouteConfigSpec,
  decodeAssignment,
  decodeCluster,
  decodeListener,
  decodeRouteConfiguration,
} from "@bookmesh/proxy-config";
import type { ClusterSpec } from "@bookmesh/proxy-core";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { err, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  TYPE_URLS,
} from "@bookmesh/xds-api";

/** The kinds of resources that a sidecar asks for, in the order that it asks. */
export type ResourceKind = keyof typeof TYPE_URLS;

/** What a decoded resource of each kind is. */
export interface SpecOfKind {
  readonly cluster: ClusterSpec;
  readonly endpoint: AssignmentSpec;
  readonly listener: ListenerSpec;
  readonly route: RouteConfigSpec;
}

/** How resources of one kind are read. */
export interface ResourceType<Spec> {
  readonly typeUrl: string;
  /** True where a response holds all resources, so that one left out is gone. Source: xDS protocol, state of the world. */
  readonly isWhole: boolean;
  /** Reads a resource; its name is "" where not even that can be read. */
  decode(any: Any, random: Random): DecodedResource<Spec>;
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
    decode: decodeListener,
  }),
  route: resourceType(RouteConfigurationSchema, {
    isWhole: false,
    nameOf: ({ name }) => name,
    decode: decodeRouteConfiguration,
  }),
};

/** The kind that a type URL names. */
export function kindOfTypeUrl(typeUrl: string): ResourceKind | undefined {
  const kinds = ["cluster", "endpoint", "listener", "route"] as const;
  return kinds.find((kind) => TYPE_URLS[kind] === typeUrl);
}

function resourceType<Desc extends DescMessage, Spec>(
  schema: Desc,
  row: {
    readonly isWhole: boolean;
    readonly nameOf: (message: MessageShape<Desc>) => string;
    readonly decode: (message: MessageShape<Desc>, random: Random) => DecodedResource<Spec>["result"];
  },
): ResourceType<Spec> {
  const typeUrl = `type.googleapis.com/${schema.typeName}`;
  return {
    typeUrl,
    isWhole: row.isWhole,
    decode(any, random) {
      const message = unpack(any, schema);
      if (!message) return unreadable(any, typeUrl);
      const name = row.nameOf(message);
      return { name, result: row.decode(message, random) };
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
