import {
  EMPTY_SNAPSHOT,
  compileSnapshot,
  decodeAssignment,
  decodeCluster,
  decodeListener,
  decodeRouteConfiguration,
} from "@bookmesh/proxy-config";
import type { ProxySnapshot } from "@bookmesh/proxy-core";
import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack, AnySchema } from "@bufbuild/protobuf/wkt";
import { describeIssues, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import type { EncodedResource, ProxyResources } from "@bookmesh/translate";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  TYPE_URLS,
} from "@bookmesh/xds-api";

/**
 * What a sidecar makes of its resources: from their bytes through its own decoders to the snapshot that its data path
 * runs on. Throws, with the sidecar's own words, where it would refuse one.
 */
export function sidecarOf(resources: ProxyResources, random: Random): ProxySnapshot {
  const read = <Spec>(
    typeUrl: string,
    decode: (any: ReturnType<typeof unwrap>) => Result<Spec, readonly ConfigIssue[]>,
  ) => {
    const encoded = [...(resources.get(typeUrl)?.resources.values() ?? [])];
    return new Map(encoded.map((resource) => [resource.name, accepted(decode(unwrap(resource)))]));
  };
  const { snapshot } = compileSnapshot(
    {
      clusters: read(TYPE_URLS.cluster, (any) => decodeCluster(must(anyUnpack(any, ClusterSchema)))),
      endpoints: read(TYPE_URLS.endpoint, (any) =>
        decodeAssignment(must(anyUnpack(any, ClusterLoadAssignmentSchema))),
      ),
      listeners: read(TYPE_URLS.listener, (any) =>
        decodeListener(must(anyUnpack(any, ListenerSchema)), random),
      ),
      routes: read(TYPE_URLS.route, (any) =>
        decodeRouteConfiguration(must(anyUnpack(any, RouteConfigurationSchema)), random),
      ),
      secrets: new Map(),
    },
    EMPTY_SNAPSHOT,
    random,
  );
  return snapshot;
}

function unwrap({ any }: EncodedResource) {
  return fromBinary(AnySchema, any);
}

function must<T>(message: T | undefined): T {
  if (message === undefined) throw new Error("A resource holds another type than its type URL says.");
  return message;
}

function accepted<Spec>(result: Result<Spec, readonly ConfigIssue[]>): Spec {
  if (!result.ok) throw new Error(`The sidecar refuses a resource: ${describeIssues(result.error)}`);
  return result.value;
}
