// Every object
export type {
  Condition,
  KubeList,
  KubeObject,
  LabelSelector,
  ObjectMeta,
  OwnerReference,
  WatchEvent,
} from "./object.ts";
export type { Status } from "./status.ts";
export { apiVersionOf, RESOURCES, type ResourceRef } from "./resource.ts";
export { selects } from "./label-selector.ts";
export { SERVICE_NAME } from "./service-name.ts";

// Kinds
export type {
  ConfigMap,
  Container,
  ContainerState,
  ContainerStatus,
  DownwardFile,
  EnvVar,
  IntOrString,
  KeyToPath,
  Namespace,
  Pod,
  PodSpec,
  Probe,
  Secret,
  Service,
  ServiceAccount,
  ServicePort,
  Volume,
  VolumeProjection,
} from "./core.ts";
export type {
  AdmissionRequest,
  AdmissionResponse,
  AdmissionReview,
  Webhook,
  WebhookConfiguration,
} from "./admission.ts";
export type {
  ControllerRevision,
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  PodTemplate,
  ReplicaSet,
  StatefulSet,
} from "./apps.ts";
export type { PodDisruptionBudget } from "./policy.ts";
export type { Endpoint, EndpointAddress, Endpoints, EndpointSlice } from "./endpoints.ts";
