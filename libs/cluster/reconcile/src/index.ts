// A controller, and what it writes with
export { controllerQueue, type Controller, type ControllerContext } from "./controller.ts";
export { eventRecorder, type EventRecorder } from "./event-recorder.ts";
export { refusalReason, unlessRefused } from "./refusal.ts";

// Objects: as they are now, by their names, in their states
export { objectCache, type ObjectCache, type ObjectChange } from "./object-cache.ts";
export { keyOf, nameOf, parseName, unversioned } from "./object-name.ts";
export { isActive, isFinished, isReady, msUntilAvailable, timestamp } from "./pod-facts.ts";
export { canonicalJson, safeHash, safeSuffix } from "./safe-hash.ts";
