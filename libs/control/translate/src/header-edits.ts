import type { HeaderRules } from "@bookmesh/mesh-api";
import { HeaderValueOption_HeaderAppendAction as AppendAction, type RouteSchema } from "@bookmesh/xds-api";
import type { MessageInit } from "./message-init.ts";

/** The fields of a route that edit its heads. */
export type HeaderFields = Pick<
  MessageInit<typeof RouteSchema>,
  "requestHeadersToAdd" | "requestHeadersToRemove" | "responseHeadersToAdd" | "responseHeadersToRemove"
>;

/** The edits of a route's heads, as Envoy's fields: in the order of `rules`, so that a later one has the last word. */
export function headerEdits(rules: readonly HeaderRules[]): HeaderFields {
  return {
    requestHeadersToAdd: rules.flatMap(({ request }) => additions(request)),
    requestHeadersToRemove: rules.flatMap(({ request }) => removals(request)),
    responseHeadersToAdd: rules.flatMap(({ response }) => additions(response)),
    responseHeadersToRemove: rules.flatMap(({ response }) => removals(response)),
  };
}

/** The Host that the first `headers.request.set` with one asks for: Envoy takes it by a field of its own. */
export function rewrittenHost(rules: readonly HeaderRules[]): string | undefined {
  const fields = rules.flatMap(({ request }) => Object.entries(request?.set ?? {}));
  return fields.find(([name]) => isHost(name))?.[1];
}

type Operations = HeaderRules["request"];

function additions(operations: Operations) {
  const set = Object.entries(operations?.set ?? {}).filter(([name]) => !isHost(name));
  const add = Object.entries(operations?.add ?? {}).filter(([name]) => !isHost(name));
  return [
    ...set.map(([name, value]) => option(name, value, AppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
    ...add.map(([name, value]) => option(name, value, AppendAction.APPEND_IF_EXISTS_OR_ADD)),
  ];
}

function option(key: string, value: string, appendAction: AppendAction) {
  return { header: { key, value }, appendAction };
}

function removals(operations: Operations): string[] {
  return [...(operations?.remove ?? [])].filter((name) => !isHost(name));
}

function isHost(name: string): boolean {
  return ["host", ":authority"].includes(name.toLowerCase());
}
