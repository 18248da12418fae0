import type { ConfigIssue } from "@bookmesh/kernel";

/** What a validation found: an object with errors is refused, one with warnings is taken and its author told. */
export interface MeshReview {
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}
