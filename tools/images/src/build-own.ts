import { imageConfig, type WrittenImage } from "./archive.ts";
import { baseLayers, type BaseRoots } from "./base.ts";
import type { StagedImage } from "./staged-image.ts";

/** Builds images without an engine: a base's layers, and the application's on top. */
export function ownBuilder(roots: BaseRoots): (staged: StagedImage) => WrittenImage {
  const layersOf = baseLayers(roots);
  return (staged) => {
    const layers = [...layersOf(staged.image), staged.layer];
    return { reference: staged.reference, layers, config: imageConfig(staged.image, layers, staged) };
  };
}
