/**
 * A structural schema: the subset of OpenAPI 3 that Kubernetes allows in CRDs, which also describes its own kinds.
 * Source: Kubernetes, `apiextensions.k8s.io/v1.JSONSchemaProps` and "structural schemas".
 */
export interface Schema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** A map's value schema; `true` takes anything. */
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly multipleOf?: number;
  readonly not?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "granular" | "atomic";
  /** Strategic merge patch: `merge`, `replace`, `retainKeys`. */
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** A rule in CEL. Source: Kubernetes, `apiextensions.k8s.io/v1.ValidationRule`. */
export interface ValidationRule {
  /** Says of `self`, and of `oldSelf` that it was before, whether all is well. */
  readonly rule: string;
  readonly message?: string;
  /** Takes the place of `message`, where it makes a text. */
  readonly messageExpression?: string;
  readonly reason?: string;
  /** Below the value that the rule stands at: `.spec.host`. */
  readonly fieldPath?: string;
  /** The rule holds for new values too, and asks whether there was an old one. */
  readonly optionalOldSelf?: boolean;
}
