import type { z } from "zod";
import { authorizationPolicySpec } from "./schema/authorization-policy.ts";
import { destinationRuleSpec } from "./schema/destination-rule.ts";
import { gatewaySpec } from "./schema/gateway.ts";
import { requestAuthenticationSpec } from "./schema/request-authentication.ts";
import { virtualServiceSpec } from "./schema/virtual-service.ts";

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "date";
  readonly description: string;
  readonly jsonPath: string;
}

/** One of Istio's kinds, and all that differs between it and another. */
export interface MeshKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** All served; the first one is stored. */
  readonly versions: readonly [stored: string, ...others: string[]];
  readonly columns: readonly PrinterColumn[];
  readonly description: string;
  readonly spec: z.ZodObject;
}

const AGE: PrinterColumn = {
  name: "Age",
  type: "date",
  description: "Time since the object was made.",
  jsonPath: ".metadata.creationTimestamp",
};

const networking = {
  group: "networking.istio.io",
  versions: ["v1", "v1beta1", "v1alpha3"],
  categories: ["istio-io", "networking-istio-io"],
} as const;

const security = {
  group: "security.istio.io",
  versions: ["v1", "v1beta1"],
  categories: ["istio-io", "security-istio-io"],
} as const;

/** The kinds of Istio that the API serves. */
export const MESH_KINDS: readonly MeshKind[] = [
  {
    ...networking,
    kind: "VirtualService",
    plural: "virtualservices",
    singular: "virtualservice",
    shortNames: ["vs"],
    columns: [
      {
        name: "Gateways",
        type: "string",
        description: "The gateways and sidecars where the rule holds.",
        jsonPath: ".spec.gateways",
      },
      {
        name: "Hosts",
        type: "string",
        description: "The hosts whose calls are routed.",
        jsonPath: ".spec.hosts",
      },
      AGE,
    ],
    description: "Routes the calls to hosts.",
    spec: virtualServiceSpec,
  },
  {
    ...networking,
    kind: "DestinationRule",
    plural: "destinationrules",
    singular: "destinationrule",
    shortNames: ["dr"],
    columns: [
      {
        name: "Host",
        type: "string",
        description: "The host that the rule is about.",
        jsonPath: ".spec.host",
      },
      AGE,
    ],
    description: "Says how to talk to a host, and names its subsets.",
    spec: destinationRuleSpec,
  },
  {
    ...networking,
    kind: "Gateway",
    plural: "gateways",
    singular: "gateway",
    shortNames: ["gw"],
    columns: [AGE],
    description: "Opens ports at the edge of the mesh.",
    spec: gatewaySpec,
  },
  {
    ...security,
    kind: "RequestAuthentication",
    plural: "requestauthentications",
    singular: "requestauthentication",
    shortNames: ["ra"],
    columns: [AGE],
    description: "Says which tokens a workload verifies.",
    spec: requestAuthenticationSpec,
  },
  {
    ...security,
    kind: "AuthorizationPolicy",
    plural: "authorizationpolicies",
    singular: "authorizationpolicy",
    shortNames: ["ap"],
    columns: [
      { name: "Action", type: "string", description: "What a match means.", jsonPath: ".spec.action" },
      AGE,
    ],
    description: "Says who may call a workload.",
    spec: authorizationPolicySpec,
  },
];
