export {
  bindingDefaults,
  definitionDefaults,
  mutatingWebhookDefaults,
  namespaceDefaults,
  networkPolicyDefaults,
  priorityClassDefaults,
  secretDefaults,
  validatingWebhookDefaults,
} from "./object-defaults.ts";
export { podDefaults } from "./pod-defaults.ts";
export { endpointsDefaults, endpointSliceDefaults, serviceDefaults } from "./service-defaults.ts";
export {
  cronJobDefaults,
  daemonSetDefaults,
  deploymentDefaults,
  jobDefaults,
  replicaSetDefaults,
  statefulSetDefaults,
} from "./workload-defaults.ts";
