import { badRequest } from "@bookmesh/cluster-api";
import { selection, type ListRequest } from "@bookmesh/registry";
import type { ResourceRequest } from "./resource-request.ts";

/** What the query of a GET on a collection asks for. */
export interface ListQuery {
  readonly list: ListRequest;
  readonly watch: boolean;
  readonly timeoutSeconds?: number;
  readonly allowBookmarks: boolean;
  readonly sendInitialEvents?: boolean;
}

/** Reads selectors, versions, chunks and the wishes of a watch. */
export function readListQuery({ exchange, route, kind }: ResourceRequest): ListQuery {
  const { query } = exchange;
  const named = route.name === undefined ? "" : `metadata.name=${route.name}`;
  const text = (name: string) => query.get(name) ?? "";
  const labelSelector = text("labelSelector");
  const fieldSelector = [text("fieldSelector"), named].filter((each) => each !== "").join(",");
  const timeoutSeconds = wholeNumber(query, "timeoutSeconds");
  const initial = query.get("sendInitialEvents");
  return {
    list: {
      kind,
      selects: selection(kind, { labelSelector, fieldSelector }),
      isSelective: labelSelector !== "" || fieldSelector !== "",
      ...(route.namespace === undefined ? {} : { namespace: route.namespace }),
      limit: text("limit").startsWith("-") ? 0 : (wholeNumber(query, "limit") ?? 0),
      continueToken: text("continue"),
      resourceVersion: text("resourceVersion"),
      resourceVersionMatch: text("resourceVersionMatch"),
    },
    watch: isTrue(query.get("watch")),
    allowBookmarks: isTrue(query.get("allowWatchBookmarks")),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(initial === null ? {} : { sendInitialEvents: isTrue(initial) }),
  };
}

function isTrue(text: string | null): boolean {
  return text === "true" || text === "1";
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}
