// Analysing
export { meshAnalysis, type MeshAnalysis } from "./mesh-analysis.ts";
export { ANALYZERS, DESTINATION_ANALYZERS } from "./analyzers.ts";
export { VALIDATION } from "./validation.ts";

// What it says
export { levelOf, type Finding } from "./finding.ts";
export {
  documentationUrl,
  isAtLeast,
  LEVELS,
  MESSAGE_TYPES,
  type Level,
  type MessageCode,
} from "./message-types.ts";

// Worlds of files and clusters
export { worldOf } from "./world/world-of.ts";
