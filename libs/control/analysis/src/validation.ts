import type { KubeObject } from "@bookmesh/kube-api";
import { validateMeshResource } from "@bookmesh/mesh-api";
import type { Finding } from "./finding.ts";
import { shapeIssues } from "./world/shapes.ts";

/** What is wrong with an object by itself: errors refuse it, warnings do not. */
export interface Validation {
  readonly isValid: boolean;
  readonly findings: readonly Finding[];
}

/** The analyzer that comes before all others, which need objects that are what they say. */
export const VALIDATION = {
  name: "schema.ValidationAnalyzer",
  description: "Checks every object by itself, as the validating webhook does.",
  codes: ["IST0106", "IST0133"],
} as const;

/** Validates an object: its shape first, then what Istio's kinds ask. */
export function validate(object: KubeObject): Validation {
  const shape = shapeIssues(object);
  if (shape.length > 0) return { isValid: false, findings: shape.map(asError) };
  const { errors, warnings } = validateMeshResource(object);
  if (errors.length > 0) return { isValid: false, findings: errors.map(asError) };
  return { isValid: true, findings: warnings.map((issue) => ({ code: "IST0133", ...issue })) };
}

function asError(issue: Omit<Finding, "code">): Finding {
  return { code: "IST0106", ...issue };
}
