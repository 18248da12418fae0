import { createHash } from "node:crypto";
import { openApiV3Document, type ResourceKind } from "@bookmesh/kube-schema";
import { noSuchResource } from "../api-error.ts";
import { sendObject, type Exchange } from "../http/exchange.ts";
import type { Serving } from "../http/serving.ts";

/** Answers `/openapi/v3`, the documents below it, and a `/openapi/v2` that names no kinds. */
export function serveOpenApi({ registry }: Serving, exchange: Exchange): true {
  const { path } = exchange;
  const documents = Map.groupBy(registry.catalog.rows(), rootOf);
  if (path === "/openapi/v3" || path === "/openapi/v3/") {
    const paths = [...documents].map(([root, rows]): readonly [string, object] => [
      root,
      { serverRelativeURL: `/openapi/v3/${root}?hash=${hashOf(rows)}` },
    ]);
    sendObject(exchange, 200, { paths: Object.fromEntries(paths) });
    return true;
  }
  if (path === "/openapi/v2") {
    sendObject(exchange, 200, {
      swagger: "2.0",
      info: { title: "Kubernetes", version: "v1.34.0" },
      paths: {},
      definitions: {},
    });
    return true;
  }
  const rows = documents.get(path.slice("/openapi/v3/".length));
  if (rows === undefined) throw noSuchResource();
  sendObject(exchange, 200, openApiV3Document(rows));
  return true;
}

function rootOf({ group, version }: ResourceKind): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

/** Changes whenever a schema does: clients keep documents by this address. */
function hashOf(rows: readonly ResourceKind[]): string {
  const text = JSON.stringify(
    rows.map(({ definition, plural, subresources, isCustom, schema }) => [
      definition,
      plural,
      subresources,
      isCustom ? schema : "",
    ]),
  );
  return createHash("sha256").update(text).digest("hex").toUpperCase();
}
