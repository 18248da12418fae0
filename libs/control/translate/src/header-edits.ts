import type { HeaderRules } from "@bookmesh/mesh-api";
import { HeaderValueOption_HeaderAppendAction as AppendAction, type RouteSchema } from "@bookmesh/xds-api";
import type { MessageInit } from "./message-init.ts";

/** The fields of a route that edit its heads. */
export type HeaderFields = Pick<
  MessageInit<typeof RouteSchema>,
  "requestHeadersToAdd" | "requestHeadersToRemove" | "responseHeadersToAdd" | "responseHeadersToRemove"
>;

/** The edits of a route's heads, as Envoy's fields. */
export function headerEdits(headers: HeaderRules | undefined): HeaderFields {
  const { request, response } = headers ?? {};
  return {
    requestHeadersToAdd: additions(request),
    requestHeadersToRemove: removals(request),
    responseHeadersToAdd: additions(response),
    responseHeadersToRemove: removals(response),
  };
}

/** The Host that `headers.request.set` asks for: Envoy takes it by a field of its own. */
export function rewrittenHost(headers: HeaderRules | undefined): string | undefined {
  const set = Object.entries(headers?.request?.set ?? {});
  return set.find(([name]) => isHost(name))?.[1];
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
