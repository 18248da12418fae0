import type { ConfigIssue } from "@bookmesh/kernel";
import { MESSAGE_TYPES, type Level, type MessageCode } from "./message-types.ts";

/** Something that an analyzer found at an object. */
export interface Finding extends ConfigIssue {
  readonly code: MessageCode;
}

/** How much a finding matters. */
export function levelOf({ code }: Pick<Finding, "code">): Level {
  return MESSAGE_TYPES[code].level;
}
