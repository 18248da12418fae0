import type { KubeObject } from "@bookmesh/kube-api";
import * as z from "zod";
import { oneAttachment, policyTarget, strings, workloadSelector, type DeepReadonly } from "./parts.ts";

const source = z.strictObject({
  principals: strings.optional().describe("Identities of the calling workload."),
  notPrincipals: strings.optional().describe("Identities that it must not have."),
  requestPrincipals: strings.optional().describe("Identities of the token: issuer/subject."),
  notRequestPrincipals: strings.optional().describe("Identities that the token must not have."),
  namespaces: strings.optional().describe("Namespaces of the calling workload."),
  notNamespaces: strings.optional().describe("Namespaces that it must not be of."),
  serviceAccounts: strings.optional().describe("Service accounts of the calling workload."),
  notServiceAccounts: strings.optional().describe("Service accounts that it must not have."),
  ipBlocks: strings.optional().describe("Addresses of the connection."),
  notIpBlocks: strings.optional().describe("Addresses that it must not come from."),
  remoteIpBlocks: strings.optional().describe("Addresses of the original client."),
  notRemoteIpBlocks: strings.optional().describe("Addresses that the client must not have."),
});

const operation = z.strictObject({
  hosts: strings.optional().describe("Hosts that are asked for."),
  notHosts: strings.optional().describe("Hosts that must not be asked for."),
  ports: strings.optional().describe("Ports that are asked for."),
  notPorts: strings.optional().describe("Ports that must not be asked for."),
  methods: strings.optional().describe("Methods."),
  notMethods: strings.optional().describe("Methods that must not be used."),
  paths: strings.optional().describe("Paths, normalised."),
  notPaths: strings.optional().describe("Paths that must not be asked for."),
});

const condition = z.strictObject({
  key: z.string().describe("The attribute: `request.auth.claims[role]`, …"),
  values: strings.optional().describe("Values, one of which it must have."),
  notValues: strings.optional().describe("Values that it must not have."),
});

const rule = z.strictObject({
  from: z
    .array(z.strictObject({ source: source.optional().describe("Who calls.") }))
    .optional()
    .describe("Who calls: one of these."),
  to: z
    .array(z.strictObject({ operation: operation.optional().describe("What is called.") }))
    .optional()
    .describe("What is called: one of these."),
  when: z.array(condition).optional().describe("Further conditions: all of these."),
});

/** `AuthorizationPolicy.spec`. */
export const authorizationPolicySpec = z
  .strictObject({
    selector: workloadSelector.optional(),
    targetRef: policyTarget.optional(),
    targetRefs: z.array(policyTarget).optional().describe("Objects that the policy is attached to."),
    action: z
      .enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"])
      .optional()
      .describe("What a match means; ALLOW where absent."),
    provider: z
      .strictObject({ name: z.string().optional().describe("The provider's name.") })
      .optional()
      .describe("Who decides, for CUSTOM."),
    rules: z.array(rule).optional().describe("One of these must match."),
  })
  .meta({ description: "Who may call a workload.", ...oneAttachment });

/** `AuthorizationPolicy.spec`. Source: Istio API, `security.istio.io`. */
export type AuthorizationPolicySpec = DeepReadonly<z.infer<typeof authorizationPolicySpec>>;

/** A policy that says who may call a workload. */
export interface AuthorizationPolicy extends KubeObject {
  readonly kind: "AuthorizationPolicy";
  readonly spec: AuthorizationPolicySpec;
}
