import type { JsonObject } from "@bookmesh/kube-model";
import type { Caller } from "./caller.ts";

/** What a write carries besides the object: who, how strictly, and where its warnings go. */
export interface RequestContext {
  readonly caller: Caller;
  /** Do everything but store. */
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Server-side apply takes fields from other managers. */
  readonly force: boolean;
  /** What its author asked for besides, as a webhook is told it. */
  readonly options?: JsonObject;
  /** Shown to the author in a `Warning` header. */
  warn(message: string): void;
}
