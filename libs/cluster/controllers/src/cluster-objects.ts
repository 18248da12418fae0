import { cpus, release, totalmem } from "node:os";
import type { ResourceAccess } from "@bookmesh/cluster-api";
import { timestamp, unlessRefused } from "@bookmesh/reconcile";
import { RESOURCES, type ConfigMap, type KubeObject } from "@bookmesh/kube-api";

/** The only node of a local cluster. */
export const NODE_NAME = "bookmesh";

/** More pods than a laptop can run, so that this is never what stops one. */
const MAX_PODS = "1000";

/** What the cluster tells of itself. */
export interface ClusterFacts {
  readonly hostAddress: string;
  /** The data of ConfigMap `kube-public/pod-network`. */
  readonly podNetwork: Readonly<Record<string, string>>;
  readonly nowMs: number;
}

/** Writes what a cluster of this kind has: its node and the ConfigMap that names the mode of its pod network. */
export async function publishCluster(
  access: ResourceAccess,
  { hostAddress, podNetwork, nowMs }: ClusterFacts,
): Promise<void> {
  const old = await access.get(RESOURCES.nodes, { name: NODE_NAME });
  const node = { ...nodeObject(hostAddress, nowMs), spec: old?.["spec"] ?? {} }; // who cordoned it meant it
  await createOrUpdate(access, "nodes", node);
  await access.updateStatus(RESOURCES.nodes, node);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-public" } };
  await unlessRefused(access.create(RESOURCES.namespaces, namespace), "AlreadyExists");
  await createOrUpdate(access, "configMaps", podNetworkObject(podNetwork));
}

async function createOrUpdate(
  access: ResourceAccess,
  resource: "nodes" | "configMaps",
  object: KubeObject,
): Promise<void> {
  const created = await unlessRefused(access.create(RESOURCES[resource], object), "AlreadyExists");
  if (created === undefined) await access.update(RESOURCES[resource], object);
}

function podNetworkObject(data: Readonly<Record<string, string>>): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "pod-network", namespace: "kube-public" },
    data,
  };
}

function nodeObject(hostAddress: string, nowMs: number): KubeObject {
  const capacity = {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: MAX_PODS,
  };
  const at = timestamp(nowMs);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: NODE_NAME,
      labels: { "kubernetes.io/hostname": NODE_NAME, "kubernetes.io/os": "linux" },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: "InternalIP", address: hostAddress },
        { type: "Hostname", address: NODE_NAME },
      ],
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "the process runtime takes pods",
          lastHeartbeatTime: at,
          lastTransitionTime: at,
        },
      ],
      nodeInfo: {
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        operatingSystem: process.platform,
        osImage: "processes of this machine",
        kernelVersion: release(),
        containerRuntimeVersion: "bookmesh://0.1.0",
        kubeletVersion: "v1.34.0",
        kubeProxyVersion: "v1.34.0",
        machineID: "",
        systemUUID: "",
        bootID: "",
      },
    },
  };
}
