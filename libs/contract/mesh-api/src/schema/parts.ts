import * as z from "zod";

/** The same value with everything in it read-only: objects of the API are never edited in place. */
export type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** A Go duration such as `1h30m`, `5s` or `250ms`; read it with `parseDurationMs`. */
export const duration = z.string();

/** A map of strings. */
export const stringMap = z.record(z.string(), z.string());

/** A list of strings. */
export const strings = z.array(z.string());

/** A TCP port by its number. */
export const portNumber = z.strictObject({ number: z.uint32().optional().describe("The port's number.") });

/** One way to match a text; an empty object asks only for presence. */
export const stringMatch = z
  .strictObject({
    exact: z.string().optional().describe("The whole text, letter by letter."),
    prefix: z.string().optional().describe("How the text begins."),
    regex: z.string().optional().describe("An RE2 expression for the whole text."),
  })
  .describe("Matches a text in exactly one way.");

/** A share in percent, 0 to 100. */
export const percent = z
  .strictObject({ value: z.number().optional().describe("Percent, from 0 to 100.") })
  .describe("A share of all requests.");

/** The labels that choose workloads. */
export const workloadSelector = z
  .strictObject({ matchLabels: stringMap.optional().describe("Labels that a pod must have, all of them.") })
  .describe("The pods that this applies to; absent: all of the namespace.");

/** The objects that a policy is attached to. */
export const policyTarget = z
  .strictObject({
    group: z.string().optional().describe("API group of the target."),
    kind: z.string().describe("Kind of the target."),
    name: z.string().describe("Name of the target."),
    namespace: z.string().optional().describe("Namespace of the target; absent: the policy's own."),
  })
  .describe("An object that the policy is attached to.");

/** What a policy is attached to is said in one way only. Source: the same rule in Istio's own definitions. */
export const oneAttachment = {
  "x-kubernetes-validations": [
    {
      message: "only one of targetRefs or selector can be set",
      rule: "(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1",
    },
  ],
};
