import type { ClusterOptions } from "../program/cluster-options.ts";
import type { Session } from "../session.ts";

/** The options of `bookmesh get`. */
export interface GetOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly output: "table" | "wide" | "json" | "yaml" | "name";
  readonly watch?: boolean;
  readonly selector?: string;
  readonly showLabels?: boolean;
  readonly headers: boolean;
  readonly ignoreNotFound?: boolean;
}

/** The namespace that objects are looked for in; `undefined`: all of them. */
export function namespaceOf(session: Session, options: GetOptions): string | undefined {
  return options.allNamespaces ? undefined : session.namespace;
}
