// Where the API is
export type { Credentials, KubeConfig } from "./kube-config.ts";
export { inClusterConfig } from "./in-cluster-config.ts";
export { loadKubeConfig } from "./load-kube-config.ts";

// Speaking with it
export { kubeClient } from "./http-kube-client.ts";
export {
  INITIAL_EVENTS_END,
  KubeError,
  type KubeClient,
  type ListOptions,
  type ObjectKey,
  type PatchType,
  type RawOptions,
  type WatchOptions,
  type WriteOptions,
  type Written,
} from "./kube-client.ts";
export { collectionPath, objectPath, selectorParameters, withQuery } from "./resource-path.ts";
export { readLines } from "./json-lines.ts";

// Following it
export { followResource, type FollowEvent, type FollowOptions } from "./follow-resource.ts";

// What it knows, by the names that people use
export { discovery, qualifiedName, unknownKind, type ApiResource, type Discovery } from "./discovery.ts";

// Inside pods
export { execInPod, type ExecStreams, type ExecTarget } from "./exec-in-pod.ts";
export { execOutput, type ExecOutput } from "./exec-output.ts";
export { podLogs, type LogOptions } from "./pod-logs.ts";
