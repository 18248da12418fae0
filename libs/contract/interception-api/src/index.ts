// What is redirected
export {
  DEFAULT_INTERCEPTION,
  INTERCEPTION_FLAGS,
  readInterception,
  type Interception,
  type InterceptionFlag,
  type InterceptionSettings,
} from "./interception.ts";

// The values of its settings
export {
  readNames,
  readPorts,
  readRanges,
  type AddressFamily,
  type Range,
  type Selection,
} from "./selections.ts";
