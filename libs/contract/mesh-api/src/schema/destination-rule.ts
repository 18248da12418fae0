import type { KubeObject } from "@bookmesh/kube-api";
import * as z from "zod";
import { stringMap, strings, workloadSelector, type DeepReadonly } from "./parts.ts";
import { trafficPolicy } from "./traffic-policy.ts";

const subset = z.strictObject({
  name: z.string().describe("The name that routes use."),
  labels: stringMap.optional().describe("Labels of the pods that belong to it."),
  trafficPolicy: trafficPolicy.optional(),
});

/** `DestinationRule.spec`. */
export const destinationRuleSpec = z
  .strictObject({
    host: z.string().describe("The service: its full name, or a name relative to the rule's namespace."),
    trafficPolicy: trafficPolicy.optional(),
    subsets: z.array(subset).optional().describe("Named parts of the service."),
    exportTo: strings.optional().describe("Namespaces that see the rule: `*` all, `.` its own."),
    workloadSelector: workloadSelector.optional(),
  })
  .describe("How to talk to a host once a call is routed to it.");

/** `DestinationRule.spec`. Source: Istio API, `networking.istio.io`. */
export type DestinationRuleSpec = DeepReadonly<z.infer<typeof destinationRuleSpec>>;
/** `DestinationRule.spec.subsets[]`. */
export type Subset = DeepReadonly<z.infer<typeof subset>>;

/** A rule that says how to talk to a host, and names its subsets. */
export interface DestinationRule extends KubeObject {
  readonly kind: "DestinationRule";
  readonly spec: DestinationRuleSpec;
}
