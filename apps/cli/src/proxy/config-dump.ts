import { jsonView, type JsonView } from "./json-view.ts";

/** The resources of a proxy, as its `/config_dump` tells them. */
export interface ConfigDump {
  readonly listeners: readonly JsonView[];
  readonly routes: readonly JsonView[];
  readonly clusters: readonly JsonView[];
}

/** Finds them in the dump. Source: Envoy, `envoy.admin.v3.ConfigDump`. */
export function readConfigDump(text: string): ConfigDump {
  const parts = jsonView(JSON.parse(text)).at("configs").items();
  const part = (name: string) =>
    parts.find((each) => each.at("@type").text().endsWith(`.${name}`)) ?? jsonView(undefined);
  const listeners = part("ListenersConfigDump");
  const routes = part("RoutesConfigDump");
  const clusters = part("ClustersConfigDump");
  return {
    listeners: [
      ...listeners
        .at("dynamic_listeners")
        .items()
        .map((each) => each.at("active_state", "listener")),
      ...inner(listeners.at("static_listeners"), "listener"),
    ].filter((each) => each.exists()),
    routes: [
      ...inner(routes.at("dynamic_route_configs"), "route_config"),
      ...inner(routes.at("static_route_configs"), "route_config"),
    ],
    clusters: [
      ...inner(clusters.at("dynamic_active_clusters"), "cluster"),
      ...inner(clusters.at("static_clusters"), "cluster"),
    ],
  };
}

function inner(list: JsonView, name: string): readonly JsonView[] {
  return list.items().map((each) => each.at(name));
}

/** `rating.default`: the rule that a route or cluster was made of; "" where none was. */
export function ruleOf(resource: JsonView): string {
  const path = resource.at("metadata", "filter_metadata", "istio", "config").text();
  const [, namespace, name] = /\/namespaces\/([^/]+)\/[^/]+\/([^/]+)$/.exec(path) ?? [];
  return namespace !== undefined && name !== undefined ? `${name}.${namespace}` : "";
}
