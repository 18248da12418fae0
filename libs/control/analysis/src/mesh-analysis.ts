import { byIdentity } from "@bookmesh/kernel";
import type { KubeObject } from "@bookmesh/kube-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import type { Analyzer } from "./analyzer.ts";
import type { Finding } from "./finding.ts";
import { surroundingsOf, type Surroundings } from "./world/surroundings.ts";
import { validate, type Validation } from "./validation.ts";

/** Analyses objects one at a time. It remembers what it found out of objects and worlds as long as they are there. */
export interface MeshAnalysis {
  /** What is wrong with an object by itself. */
  readonly validate: (object: KubeObject) => Validation;
  /**
   * Everything that is wrong with an object in a world; the object itself need not be part of it. An object that is
   * not valid has no other findings. In a world are valid objects alone. The very same list where nothing changed that
   * the findings depend on.
   */
  readonly findings: (object: KubeObject, world: MeshSnapshot) => readonly Finding[];
}

/** Whatever else is asked of an object: one that is of the world is validated once for all who ask. */
const validateOnce = byIdentity(validate);

/** An analysis by the analyzers given. */
export function meshAnalysis(analyzers: readonly Analyzer[]): MeshAnalysis {
  const examine = byIdentity((object: KubeObject, world: Surroundings): readonly Finding[] => [
    ...validateOnce(object).findings,
    ...analyzers.flatMap((analyzer) => analyzer.examine(object, world)),
  ]);
  return {
    validate: validateOnce,
    findings(object, world) {
      const { isValid, findings } = validateOnce(object);
      return isValid ? examine(object, surroundingsOf(world)) : findings;
    },
  };
}
