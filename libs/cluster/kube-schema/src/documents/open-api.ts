import type { JsonObject } from "../json.ts";
import type { ResourceKind } from "../resource-kind.ts";

/** The OpenAPI v3 document of one group and version; `kinds` are the rows of that group and version. */
export function openApiV3Document(kinds: readonly ResourceKind[]): JsonObject {
  void kinds;
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "v1.34.0" }, paths: {}, components: {} };
}
