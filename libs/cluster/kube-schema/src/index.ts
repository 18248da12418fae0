// Kinds
export { builtInKinds } from "./kinds/built-in-kinds.ts";
export { customKinds } from "./custom/custom-kinds.ts";

// From a request's body to an object that may be stored
export { decodeObject, type DecodedObject } from "./decode/decode-object.ts";
export { duplicateFields } from "./decode/duplicate-fields.ts";
export { defaultObject } from "./default-object.ts";

// Selectors
export { parseLabelSelector, type LabelMatcher } from "./selectors/label-selector.ts";
export { parseFieldSelector, type FieldMatcher } from "./selectors/field-selector.ts";

// What kubectl reads of the API
export { openApiV3Document } from "./documents/open-api.ts";
export { aggregatedDiscovery, apiResourceList } from "./documents/discovery.ts";
