import type { HeaderEdits } from "@bookmesh/proxy-core";
import {
  HeaderValueOptionSchema,
  HeaderValueOption_HeaderAppendAction as AppendAction,
  type HeaderValueOption,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";

/** The fields that edit the head of a request, as routes, virtual hosts and route configurations have them. */
export interface RequestHeaderFields {
  readonly requestHeadersToAdd: readonly HeaderValueOption[];
  readonly requestHeadersToRemove: readonly string[];
}

/** The fields that edit the head of a response. */
export interface ResponseHeaderFields {
  readonly responseHeadersToAdd: readonly HeaderValueOption[];
  readonly responseHeadersToRemove: readonly string[];
}

/** Names of the four fields, as refusals of other fields need them. */
export const HEADER_EDIT_FIELDS = [
  "request_headers_to_add",
  "request_headers_to_remove",
  "response_headers_to_add",
  "response_headers_to_remove",
] as const;

const NO_EDITS: HeaderEdits = { remove: [], set: [], append: [] };

/** Edits of the request head, `undefined` where there are none. */
export function readRequestEdits(place: Place, fields: RequestHeaderFields): HeaderEdits {
  return readEdits(below(place, "request_headers_to_add"), fields.requestHeadersToAdd, [
    ...fields.requestHeadersToRemove,
  ]);
}

/** Edits of the response head. */
export function readResponseEdits(place: Place, fields: ResponseHeaderFields): HeaderEdits {
  return readEdits(below(place, "response_headers_to_add"), fields.responseHeadersToAdd, [
    ...fields.responseHeadersToRemove,
  ]);
}

/**
 * One list of edits out of several, the most specific first: where two set one field, the less specific wins, as in
 * Envoy (`most_specific_header_mutations_wins` unset). `undefined` where nothing is edited.
 */
export function mergeEdits(lists: readonly HeaderEdits[]): HeaderEdits | undefined {
  const remove = lists.flatMap((edits) => edits.remove);
  const set = [...new Map(lists.flatMap((edits) => edits.set))];
  const append = lists.flatMap((edits) => edits.append);
  return remove.length + set.length + append.length === 0 ? undefined : { remove, set, append };
}

function readEdits(
  place: Place,
  options: readonly HeaderValueOption[],
  remove: readonly string[],
): HeaderEdits {
  if (options.length === 0 && remove.length === 0) return NO_EDITS;
  const set: [string, string][] = [];
  const append: [string, string][] = [];
  for (const [index, option] of options.entries()) {
    const at = { path: `${place.path}[${index}]`, issues: place.issues };
    const field = readField(at, option);
    if (field) (overwrites(at, option) ? set : append).push(field);
  }
  return { remove: remove.map((name) => name.toLowerCase()), set, append };
}

function readField(place: Place, option: HeaderValueOption): [string, string] | undefined {
  refuseFieldsBut(place, [HeaderValueOptionSchema, option], ["header", "append_action", "keep_empty_value"]);
  const { key = "", value = "", rawValue } = option.header ?? {};
  const at = below(place, "header");
  if (rawValue && rawValue.length > 0) complain(below(at, "raw_value"), "is not supported by this proxy");
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) complain(below(at, "key"), "must be the name of a header");
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value))
    complain(below(at, "value"), "must not contain line breaks or other control characters");
  if (value.replaceAll("%%", "").includes("%"))
    complain(below(at, "value"), "must not contain a %COMMAND%; write %% for the sign itself");
  return value === "" && !option.keepEmptyValue
    ? undefined
    : [key.toLowerCase(), utf8Octets(value.replaceAll("%%", "%"))];
}

/** The text's UTF-8, one character an octet, as heads are written. */
function utf8Octets(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function overwrites(place: Place, { appendAction }: HeaderValueOption): boolean {
  if (appendAction === AppendAction.ADD_IF_ABSENT || appendAction === AppendAction.OVERWRITE_IF_EXISTS)
    complain(below(place, "append_action"), "must be APPEND_IF_EXISTS_OR_ADD or OVERWRITE_IF_EXISTS_OR_ADD");
  return appendAction === AppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
}
