import { isDeepStrictEqual } from "node:util";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  unlessRefused,
  unversioned,
  type Controller,
  type ControllerContext,
  type ObjectChange,
} from "@bookmesh/reconcile";
import {
  RESOURCES,
  SERVICE_NAME,
  selects,
  type Endpoints,
  type EndpointSlice,
  type Pod,
  type Service,
} from "@bookmesh/kube-api";
import { ENDPOINTS_MANAGED_BY, ENDPOINTS_MANAGER, endpointsOf } from "./endpoints-of.ts";
import { endpointSlicesOf, MANAGED_BY, MANAGER } from "./endpoint-slices-of.ts";

/** Keeps the endpoint slices of every Service with a selector, and its Endpoints. */
export function endpointSliceController(context: ControllerContext): Controller {
  const { access } = context;
  const services = objectCache<Service>(access, RESOURCES.services);
  const pods = objectCache<Pod>(access, RESOURCES.pods);
  const slices = objectCache<EndpointSlice>(access, RESOURCES.endpointSlices);
  const endpoints = objectCache<Endpoints>(access, RESOURCES.endpoints);
  const queue = controllerQueue("endpointslice", context, async (name) => {
    const key = parseName(name);
    const service = services.get(key);
    const present = slices.list(key.namespace).filter((slice) => isSliceOf(slice, key.name));
    const wanted =
      service && service.metadata.deletionTimestamp === undefined
        ? endpointSlicesOf(service, pods.list(key.namespace))
        : [];
    await writeSlices(context, wanted, present);
    const old = endpoints.get(key);
    if (service && wanted.length > 0) await writeEndpoints(context, endpointsOf(service, wanted), old);
    else if (service === undefined && old && isOurs(old))
      await unlessRefused(access.delete(RESOURCES.endpoints, key), "NotFound");
  });
  services.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  pods.onChange((change) => {
    for (const service of services.list(change.object.metadata.namespace))
      if (concerns(service, change)) queue.add(nameOf(keyOf(service)));
  });
  endpoints.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  return {
    stop() {
      queue.stop();
      for (const cache of [services, pods, slices, endpoints]) cache.stop();
    },
  };
}

function isSliceOf({ metadata }: EndpointSlice, service: string): boolean {
  return metadata.labels?.[SERVICE_NAME] === service && metadata.labels[MANAGED_BY] === MANAGER;
}

/** What its users made for a Service without a selector is theirs. */
function isOurs({ metadata }: Endpoints): boolean {
  return metadata.labels?.[ENDPOINTS_MANAGED_BY] === ENDPOINTS_MANAGER;
}

function concerns({ spec }: Service, { object, previous }: ObjectChange<Pod>): boolean {
  if (spec.selector === undefined) return false;
  const selector = { matchLabels: spec.selector };
  return selects(selector, object.metadata.labels) || selects(selector, previous?.metadata.labels);
}

/** Writes what differs, the new and changed slices before the ones that go, so that no endpoint is missing between. */
async function writeSlices(
  { access }: ControllerContext,
  wanted: readonly EndpointSlice[],
  present: readonly EndpointSlice[],
): Promise<void> {
  for (const slice of wanted) {
    const old = present.find(({ metadata }) => metadata.name === slice.metadata.name);
    if (old === undefined) await access.create(RESOURCES.endpointSlices, slice);
    else if (!isSame(old, slice)) {
      const { metadata } = unversioned(old);
      const { labels, ownerReferences } = slice.metadata;
      await access.update(RESOURCES.endpointSlices, {
        ...slice,
        metadata: { ...metadata, ...(labels && { labels }), ...(ownerReferences && { ownerReferences }) },
      });
    }
  }
  const kept = new Set(wanted.map(({ metadata }) => metadata.name));
  for (const slice of present) {
    if (kept.has(slice.metadata.name)) continue;
    await unlessRefused(access.delete(RESOURCES.endpointSlices, keyOf(slice)), "NotFound");
  }
}

async function writeEndpoints(
  { access }: ControllerContext,
  wanted: Endpoints,
  old: Endpoints | undefined,
): Promise<void> {
  if (old === undefined) {
    await unlessRefused(access.create(RESOURCES.endpoints, wanted), "Forbidden"); // by a namespace that goes
    return;
  }
  const { labels = {} } = wanted.metadata;
  if (isDeepStrictEqual([old.subsets, old.metadata.labels], [wanted.subsets, labels])) return;
  await access.update(RESOURCES.endpoints, { ...wanted, metadata: { ...unversioned(old).metadata, labels } });
}

function isSame(old: EndpointSlice, slice: EndpointSlice): boolean {
  return (
    isDeepStrictEqual(old.endpoints, slice.endpoints) &&
    isDeepStrictEqual(old.ports, slice.ports) &&
    isDeepStrictEqual(old.metadata.labels, slice.metadata.labels)
  );
}
