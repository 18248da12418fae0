import type { Analyzer } from "./analyzer.ts";
import { annotations } from "./analyzers/annotations.ts";
import { conflictingHosts } from "./analyzers/conflicting-hosts.ts";
import { destinationHosts } from "./analyzers/destination-hosts.ts";
import { destinationSubsets } from "./analyzers/destination-subsets.ts";
import { gatewayServers } from "./analyzers/gateway-servers.ts";
import { missingSidecars } from "./analyzers/missing-sidecars.ts";
import { namespaceInjection } from "./analyzers/namespace-injection.ts";
import { podSettings } from "./analyzers/pod-settings.ts";
import { portNames } from "./analyzers/port-names.ts";
import { ruleDelegates } from "./analyzers/rule-delegates.ts";
import { ruleGateways } from "./analyzers/rule-gateways.ts";
import { ruleSubsets } from "./analyzers/rule-subsets.ts";
import { sharedPorts } from "./analyzers/shared-ports.ts";
import { unreachableRules } from "./analyzers/unreachable-rules.ts";

/** Those that say whether a VirtualService can do what it says, as far as other objects decide it. */
export const DESTINATION_ANALYZERS: readonly Analyzer[] = [
  destinationHosts,
  destinationSubsets,
  ruleDelegates,
];

/** All analyzers, but for validation, which comes before them. */
export const ANALYZERS: readonly Analyzer[] = [
  ...DESTINATION_ANALYZERS,
  conflictingHosts,
  unreachableRules,
  ruleSubsets,
  ruleGateways,
  gatewayServers,
  namespaceInjection,
  missingSidecars,
  annotations,
  podSettings,
  portNames,
  sharedPorts,
];
