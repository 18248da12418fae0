import type { ResourceAccess } from "@bookmesh/cluster-api";
import { RESOURCES, SERVICE_NAME, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { storageKey, type Registry, type StoreEvent } from "@bookmesh/registry";

/** Where the API is, for the Service `kubernetes`, and how pods verify it. */
export interface ApiEndpoint {
  readonly address: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
const API_CLUSTER_IP = "10.96.0.1";
const ACCOUNT = "default";
const ROOT_CONFIG_MAP = "kube-root-ca.crt";

/** Creates what every cluster has, and keeps a default service account and the API's root in each namespace. */
export async function bootstrap(
  registry: Registry,
  access: ResourceAccess,
  endpoint: ApiEndpoint,
): Promise<void> {
  for (const name of NAMESPACES) {
    await ensure(access, RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const namespace of registry.store.list(RESOURCES.namespaces))
    await furnish(access, namespace, endpoint);
  await publishApi(access, endpoint);
  registry.store.subscribe((event) => {
    const namespace = namespaceToFurnish(registry, event);
    // A namespace that goes away before it is furnished needs nothing; the next start makes up for anything else.
    if (namespace) void furnish(access, namespace, endpoint).catch(() => undefined);
  });
}

/** A namespace that is new, or has lost what it must have. */
function namespaceToFurnish(
  { store }: Registry,
  { type, resource, object }: StoreEvent,
): KubeObject | undefined {
  if (type === "ADDED" && resource === storageKey(RESOURCES.namespaces)) return object;
  const { namespace, name } = object.metadata;
  const isFurniture =
    (resource === storageKey(RESOURCES.serviceAccounts) && name === ACCOUNT) ||
    (resource === storageKey(RESOURCES.configMaps) && name === ROOT_CONFIG_MAP);
  if (type !== "DELETED" || !isFurniture || namespace === undefined) return undefined;
  return store.get(RESOURCES.namespaces, { name: namespace });
}

/** What each namespace has from the beginning. */
async function furnish(access: ResourceAccess, { metadata }: KubeObject, { ca }: ApiEndpoint): Promise<void> {
  if (metadata.deletionTimestamp !== undefined) return;
  const namespace = metadata.name;
  await ensure(access, RESOURCES.serviceAccounts, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { namespace, name: ACCOUNT },
  });
  await ensure(access, RESOURCES.configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace, name: ROOT_CONFIG_MAP },
    data: { "ca.crt": ca },
  });
}

async function publishApi(access: ResourceAccess, { address, port }: ApiEndpoint): Promise<void> {
  const metadata = {
    namespace: "default",
    name: "kubernetes",
    labels: { component: "apiserver", provider: "kubernetes" },
  };
  await ensure(access, RESOURCES.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: "ClusterIP",
      clusterIP: API_CLUSTER_IP,
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
    },
  });
  const ports = [{ name: "https", port, protocol: "TCP" }];
  await ensure(access, RESOURCES.endpointSlices, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      namespace: "default",
      name: "kubernetes",
      labels: { [SERVICE_NAME]: "kubernetes" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports,
  });
  await ensure(access, RESOURCES.endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { namespace: "default", name: "kubernetes" },
    subsets: [{ addresses: [{ ip: address }], ports }],
  });
}

/** Creates the object, or brings an older one of the same name to the wanted fields. */
async function ensure(access: ResourceAccess, resource: ResourceRef, wanted: KubeObject): Promise<void> {
  const { namespace, name } = wanted.metadata;
  const present = await access.get<KubeObject>(
    resource,
    namespace === undefined ? { name } : { namespace, name },
  );
  if (present === undefined) await access.create(resource, wanted);
  else if (resource.kind !== "Namespace") {
    await access.update(resource, { ...present, ...wanted, metadata: present.metadata });
  }
}
