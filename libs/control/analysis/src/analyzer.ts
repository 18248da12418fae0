import type { KubeObject } from "@bookmesh/kube-api";
import type { Finding } from "./finding.ts";
import type { MessageCode } from "./message-types.ts";
import { isOf, type GroupKind } from "./world/group-kind.ts";
import type { Surroundings } from "./world/surroundings.ts";

/** Looks at one object at a time, in the world that it lies in. */
export interface Analyzer {
  /** Istio's name, where Istio has one that does the same: `virtualservice.DestinationHostAnalyzer`. */
  readonly name: string;
  /** A sentence. */
  readonly description: string;
  readonly codes: readonly MessageCode[];
  /** What it finds at `object`; nothing at objects of other kinds. The object has passed validation. */
  readonly examine: (object: KubeObject, world: Surroundings) => readonly Finding[];
}

/** An analyzer of the objects of some kinds. */
export function analyzerOf<T extends KubeObject>(
  kinds: readonly GroupKind<T["kind"]>[],
  {
    examine,
    ...rest
  }: Omit<Analyzer, "examine"> & {
    readonly examine: (object: T, world: Surroundings) => readonly Finding[];
  },
): Analyzer {
  return { ...rest, examine: (object, world) => (isOf<T>(object, kinds) ? examine(object, world) : []) };
}
