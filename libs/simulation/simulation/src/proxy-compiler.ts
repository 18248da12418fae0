import { fromBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { anyUnpack, AnySchema } from "@bufbuild/protobuf/wkt";
import { describeIssues, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import {
  compileSnapshot,
  decodeAssignment,
  decodeCluster,
  decodeListener,
  decodeRouteConfiguration,
  EMPTY_SNAPSHOT,
} from "@bookmesh/proxy-config";
import type { ProxySnapshot } from "@bookmesh/proxy-core";
import type { EncodedResource, ProxyResources } from "@bookmesh/translate";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  TYPE_URLS,
} from "@bookmesh/xds-api";

/** Makes of resources what the data path of a proxy runs on. */
export type CompileProxy = (resources: ProxyResources) => ProxySnapshot;

/**
 * What a proxy does with its resources: from their bytes through its own decoders to its snapshot. Throws, with the
 * proxy's own words, where it would refuse one. Resources that several proxies share are decoded once.
 * Secrets are left out: routes do not depend on them.
 */
export function proxyCompiler(random: Random): CompileProxy {
  const clusters = reader(ClusterSchema, decodeCluster);
  const endpoints = reader(ClusterLoadAssignmentSchema, decodeAssignment);
  const listeners = reader(ListenerSchema, (listener) => decodeListener(listener, random));
  const routes = reader(RouteConfigurationSchema, (routing) => decodeRouteConfiguration(routing, random));
  return (resources) => {
    const of = (typeUrl: string) => [...(resources.get(typeUrl)?.resources.values() ?? [])];
    const accepted = {
      clusters: clusters(of(TYPE_URLS.cluster)),
      endpoints: endpoints(of(TYPE_URLS.endpoint)),
      listeners: listeners(of(TYPE_URLS.listener)),
      routes: routes(of(TYPE_URLS.route)),
      secrets: new Map(),
    };
    return compileSnapshot(accepted, EMPTY_SNAPSHOT, random).snapshot;
  };
}

function reader<Schema extends DescMessage, Spec>(
  schema: Schema,
  decode: (message: MessageShape<Schema>) => Result<Spec, readonly ConfigIssue[]>,
): (resources: readonly EncodedResource[]) => ReadonlyMap<string, Spec> {
  const known = new WeakMap<EncodedResource, Spec & object>();
  const read = (resource: EncodedResource): Spec => {
    const message = anyUnpack(fromBinary(AnySchema, resource.any), schema);
    if (message === undefined) throw new Error(`${resource.name} is no ${schema.typeName}.`);
    const decoded = decode(message);
    if (!decoded.ok) throw new Error(`The proxy refuses ${resource.name}: ${describeIssues(decoded.error)}`);
    return decoded.value;
  };
  return (resources) =>
    new Map(
      resources.map((resource) => {
        const spec = known.get(resource) ?? read(resource);
        if (typeof spec === "object" && spec !== null) known.set(resource, spec);
        return [resource.name, spec];
      }),
    );
}
