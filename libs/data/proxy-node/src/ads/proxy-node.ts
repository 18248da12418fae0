import { create } from "@bufbuild/protobuf";
import { NodeSchema, type Node } from "@bookmesh/xds-api";
import type { PodEnvironment } from "../agent/pod-environment.ts";

/** How the proxy introduces itself: who it is decides what it is sent. */
export function proxyNode(pod: PodEnvironment): Node {
  const { role, podName, namespace, podAddress, metadata } = pod;
  const { app = metadata["WORKLOAD_NAME"] ?? podName } = pod.labels;
  return create(NodeSchema, {
    id: `${role}~${podAddress}~${podName}.${namespace}~${namespace}.svc.cluster.local`,
    cluster: `${app}.${namespace}`,
    userAgentName: `bookmesh-${role}`,
    metadata: {
      ...metadata,
      NAME: podName,
      NAMESPACE: namespace,
      LABELS: { ...pod.labels },
      SERVICE_ACCOUNT: pod.serviceAccount,
      INSTANCE_IPS: podAddress,
      APPLICATION_ADDRESS: pod.applicationAddress,
      PROXY_CONFIG: pod.proxyConfig,
    },
  });
}
