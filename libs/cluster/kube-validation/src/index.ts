// What is wrong with an object
export { validateObject } from "./validate-object.ts";
export { labelValue, qualifiedName } from "./name-rules.ts";

// What is wrong with an object of one kind, or with a change of it
export { bindingChangeIssues, bindingIssues, roleIssues } from "./access-issues.ts";
export { webhookIssues } from "./webhook-issues.ts";
export { definitionChangeIssues, definitionIssues } from "./definition-issues.ts";
export { disruptionBudgetIssues } from "./disruption-budget-issues.ts";
export {
  configMapIssues,
  dataChangeIssues,
  endpointSliceChangeIssues,
  endpointSliceIssues,
  leaseIssues,
  secretChangeIssues,
  secretIssues,
} from "./object-issues.ts";
export { podChangeIssues, podIssues } from "./pod-issues.ts";
export { serviceChangeIssues, serviceIssues } from "./service-issues.ts";
export {
  cronJobIssues,
  daemonSetIssues,
  deploymentIssues,
  jobChangeIssues,
  jobIssues,
  replicaSetIssues,
  statefulSetChangeIssues,
  statefulSetIssues,
  workloadChangeIssues,
} from "./workload-issues.ts";
