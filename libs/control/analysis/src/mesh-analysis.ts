import type { KubeObject } from "@bookmesh/kube-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import type { Analyzer } from "./analyzer.ts";
import type { Finding } from "./finding.ts";
import { surroundings, type Surroundings } from "./world/surroundings.ts";
import { validate, type Validation } from "./validation.ts";

/** Analyses objects one at a time. It remembers what it found out of objects and worlds as long as they are there. */
export interface MeshAnalysis {
  /** What is wrong with an object by itself. */
  readonly validate: (object: KubeObject) => Validation;
  /**
   * Everything that is wrong with an object in a world; the object itself need not be part of it. An object that is
   * not valid has no other findings. In a world are valid objects alone.
   */
  readonly findings: (object: KubeObject, world: MeshSnapshot) => readonly Finding[];
}

/** An analysis by the analyzers given. */
export function meshAnalysis(analyzers: readonly Analyzer[]): MeshAnalysis {
  const validations = new WeakMap<KubeObject, Validation>();
  const worlds = new WeakMap<MeshSnapshot, Surroundings>();
  const validationOf = (object: KubeObject): Validation => {
    const known = validations.get(object) ?? validate(object);
    validations.set(object, known);
    return known;
  };
  const surroundingsOf = (world: MeshSnapshot): Surroundings => {
    const known = worlds.get(world) ?? surroundings(world);
    worlds.set(world, known);
    return known;
  };
  return {
    validate: validationOf,
    findings(object, world) {
      const { isValid, findings } = validationOf(object);
      if (!isValid) return findings;
      const around = surroundingsOf(world);
      return [...findings, ...analyzers.flatMap(({ examine }) => examine(object, around))];
    },
  };
}
