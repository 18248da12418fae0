import { methodNotAllowed, noSuchResource } from "@bookmesh/cluster-api";
import { aggregatedDiscovery, apiResourceList } from "@bookmesh/kube-schema";
import { apiVersionOf } from "@bookmesh/kube-api";
import { sendObject, wantedForm, type Exchange } from "../http/exchange.ts";
import { parseRoute, type Route } from "../http/route.ts";
import type { Serving } from "../http/serving.ts";
import { coreVersions, groupList, namedGroup, SERVER_VERSION } from "./groups.ts";
import { serveOpenApi } from "./open-api.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Answers what is asked about the API itself: version, groups, resources, schemas. `false`: it is something else. */
export function serveDiscovery(serving: Serving, exchange: Exchange): boolean {
  const { path } = exchange;
  if (path === "/version" || path === "/version/") return answer(exchange, SERVER_VERSION);
  if (path.startsWith("/openapi/")) return serveOpenApi(serving, exchange);
  const route = parseRoute(path);
  if (route === undefined || route.type === "resource") return false;
  return serveRoute(serving, exchange, route);
}

function serveRoute(
  { registry, serverAddress }: Serving,
  exchange: Exchange,
  route: Exclude<Route, { type: "resource" }>,
): boolean {
  const { catalog } = registry;
  const wantsAll =
    exchange.request.headers.accept?.includes("as=APIGroupDiscoveryList") === true &&
    wantedForm(exchange).as !== undefined;
  switch (route.type) {
    case "core-versions":
      if (wantsAll)
        return answerAll(exchange, aggregatedDiscovery(catalog.rows().filter(({ group }) => group === "")));
      return answer(exchange, coreVersions(serverAddress()));
    case "groups":
      if (wantsAll)
        return answerAll(exchange, aggregatedDiscovery(catalog.rows().filter(({ group }) => group !== "")));
      return answer(exchange, groupList(catalog));
    case "group":
      return answer(exchange, namedGroup(catalog, route.group));
    case "resources": {
      const groupVersion = apiVersionOf(route);
      const rows = catalog.rows().filter((row) => apiVersionOf(row) === groupVersion);
      return answer(exchange, rows.length === 0 ? undefined : apiResourceList(groupVersion, rows));
    }
  }
}

function answer(exchange: Exchange, body: object | undefined): boolean {
  if (exchange.request.method !== "GET") throw methodNotAllowed();
  if (body === undefined) throw noSuchResource();
  sendObject(exchange, 200, body);
  return true;
}

/** The aggregated form has a content type of its own, by which clients know that they got it. */
function answerAll({ response }: Exchange, body: object): boolean {
  response.writeHead(200, { "content-type": AGGREGATED, "cache-control": "public", vary: "Accept" });
  response.end(JSON.stringify(body));
  return true;
}
