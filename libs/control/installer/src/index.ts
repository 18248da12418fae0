// The mesh
export { installMesh, type Installed, type InstallOptions } from "./install-mesh.ts";
export { precheck, type Finding } from "./precheck.ts";
export { verifyMesh, type Verified } from "./verify-mesh.ts";
export { uninstallMesh, type UninstallOptions } from "./uninstall-mesh.ts";
export { bringUp, installWithSettings, labelNamespace, type BringUpOptions, type Step } from "./bring-up.ts";
export { chosenValues, readOperatorSettings } from "./chosen-values.ts";

// Files of objects
export { parseManifests, readManifests, type Manifest } from "./manifests.ts";
export { applyManifest, placeOf, type Applied, type ApplyContext } from "./apply-manifest.ts";

// Waiting
export { rolloutProgress, waitForRollout } from "./wait-for-rollout.ts";
export { waitUntil, type Look, type Patience } from "./wait-until.ts";
