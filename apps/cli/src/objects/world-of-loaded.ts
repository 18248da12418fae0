import { worldOf, type MeshAnalysis } from "@bookmesh/analysis";
import type { KubeObject } from "@bookmesh/kube-api";
import type { MeshConfig } from "@bookmesh/mesh-api";
import { lastOfEach } from "./merge-objects.ts";

/** The world of the objects that are valid; of several of one name the last. */
export function worldOfValid(
  objects: readonly KubeObject[],
  analysis: MeshAnalysis,
  meshConfig: MeshConfig | undefined,
): ReturnType<typeof worldOf> {
  return worldOf(lastOfEach(objects.filter((object) => analysis.validate(object).isValid)), meshConfig);
}
