import { createHash } from "node:crypto";
import { noSuchResource } from "@bookmesh/cluster-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { openApiV3Document } from "@bookmesh/kube-schema";
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
    sendOpenApiV2(exchange);
    return true;
  }
  const rows = documents.get(path.slice("/openapi/v3/".length));
  if (rows === undefined) throw noSuchResource();
  sendObject(exchange, 200, openApiV3Document(rows));
  return true;
}

const TITLE = "Kubernetes";
const VERSION = "v1.34.0";

/** The binary form that kubectl insists on (gnostic's `openapi.v2.Document`); an answer may not carry the @. */
const V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

/** kubectl asks for this document when it meets a kind that version 3 does not know, and finds that this one does not either. */
function sendOpenApiV2(exchange: Exchange): void {
  const { request, response } = exchange;
  if (!(request.headers.accept ?? "").includes(V2_PROTOBUF)) {
    sendObject(exchange, 200, {
      swagger: "2.0",
      info: { title: TITLE, version: VERSION },
      paths: {},
      definitions: {},
    });
    return;
  }
  const info = Buffer.concat([protobufText(1, TITLE), protobufText(2, VERSION)]);
  const body = Buffer.concat([protobufText(1, "2.0"), protobufBytes(2, info)]);
  response
    .writeHead(200, { "content-type": V2_PROTOBUF.replace("@", "."), "content-length": body.length })
    .end(body);
}

function protobufText(field: number, text: string): Buffer {
  return protobufBytes(field, Buffer.from(text));
}

/** A length-delimited field; its number and its length must each fit one byte. */
function protobufBytes(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
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
