// The registry
export { openRegistry, type AdmissionParts } from "./open-registry.ts";
export { keyOf, readObject, type Registry } from "./registry.ts";
export type { Catalog } from "./catalog.ts";
export { openObjectStore, type ObjectStore } from "./store/object-store.ts";
export { storageKey, type StoreEvent } from "./store/store-event.ts";

// Its operations
export { createObject } from "./create.ts";
export { deleteObject, type DeleteOptions } from "./delete.ts";
export { listObjects, type ListRequest } from "./list.ts";
export { modifyObject } from "./modify.ts";
export { patchObject } from "./patch.ts";
export { selection } from "./selection.ts";
export { errorEvent, watchObjects } from "./watch.ts";

// Who asks, and who has a say
export { ADMIN, CONTROLLERS, type Caller } from "./caller.ts";
export type { RequestContext } from "./request-context.ts";
export type { Admission, AdmissionAttempt } from "./admission.ts";

// How objects are read
export { decodeObject, tellStrictProblems } from "./schema-rules.ts";
export { parseMediaType } from "./media-type.ts";
export { parseYaml } from "./parse-yaml.ts";
export { listField, numberField, objectField, objectsField, textField, textsField } from "./json.ts";
export { generateName, timestamp } from "./object-meta.ts";
