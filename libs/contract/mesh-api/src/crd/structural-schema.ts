import * as z from "zod";

/** A structural schema as a CRD carries it. Source: Kubernetes, "Specifying a structural schema". */
export interface StructuralSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-validations"?: readonly CelRule[];
}

/** A rule in the Common Expression Language, which the API server applies by itself. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

const CEL_RULES = "x-kubernetes-validations";

/** The part of zod's JSON schemas that our own schemas use. */
interface JsonSchema {
  readonly type?: unknown;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly "x-kubernetes-validations"?: readonly CelRule[];
}

/**
 * Writes a zod schema as a structural schema. What zod says by `additionalProperties: false` Kubernetes says by
 * pruning, so that is left out: the API server reports unknown fields by itself.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  // The target has no $ref and no type unions, which structural schemas forbid.
  return convert(z.toJSONSchema(schema, { target: "openapi-3.0", reused: "inline", io: "input" }));
}

function convert(schema: object): StructuralSchema {
  const { type, description, properties, additionalProperties, items, required, ...rest }: JsonSchema =
    schema;
  return {
    ...(description !== undefined && { description }),
    ...(typeof type === "string" && { type }),
    ...(type === "integer" ? integerBounds(rest) : bounds(rest)),
    ...(rest.enum !== undefined && { enum: rest.enum }),
    ...(rest[CEL_RULES] !== undefined && { [CEL_RULES]: rest[CEL_RULES] }),
    ...(required !== undefined && required.length > 0 && { required }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, convert(value)])),
    }),
    ...(isSchema(additionalProperties) && { additionalProperties: convert(additionalProperties) }),
    ...(isSchema(items) && { items: convert(items) }),
  };
}

/** A signed 32-bit integer has a format of its own, and the bounds that follow from it need no words. */
function integerBounds(schema: JsonSchema): StructuralSchema {
  const { minimum, maximum, ...rest } = bounds(schema);
  return {
    ...rest,
    ...(maximum === INT32_MAX ? { format: "int32" } : {}),
    ...(minimum !== undefined && minimum > -INT32_MAX && { minimum }),
    ...(maximum !== undefined && maximum !== INT32_MAX && maximum < Number.MAX_SAFE_INTEGER && { maximum }),
  };
}

const INT32_MAX = 2_147_483_647;

function bounds({ minimum, maximum }: JsonSchema): StructuralSchema {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
