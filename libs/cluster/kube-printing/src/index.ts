// The answer to `kubectl get`
export {
  partialMetadata,
  tableOf,
  type PartialObjectMetadata,
  type Table,
  type TableOptions,
} from "./table.ts";

// A printer a kind
export { customPrinter } from "./custom-printer.ts";
export { EVENT_PRINTER } from "./event-printer.ts";
export { ENDPOINT_SLICE_PRINTER, ENDPOINTS_PRINTER, SERVICE_PRINTER } from "./network-printers.ts";
export {
  BINDING_PRINTER,
  CONFIG_MAP_PRINTER,
  LEASE_PRINTER,
  NAMESPACE_PRINTER,
  NETWORK_POLICY_PRINTER,
  NODE_PRINTER,
  PLAIN_PRINTER,
  PRIORITY_CLASS_PRINTER,
  SECRET_PRINTER,
  SERVICE_ACCOUNT_PRINTER,
  WEBHOOKS_PRINTER,
} from "./object-printers.ts";
export { POD_PRINTER } from "./pod-printer.ts";
export {
  CONTROLLER_REVISION_PRINTER,
  CRON_JOB_PRINTER,
  DAEMON_SET_PRINTER,
  DEPLOYMENT_PRINTER,
  JOB_PRINTER,
  POD_DISRUPTION_BUDGET_PRINTER,
  REPLICA_SET_PRINTER,
  STATEFUL_SET_PRINTER,
} from "./workload-printers.ts";
