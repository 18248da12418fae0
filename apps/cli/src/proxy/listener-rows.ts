import type { JsonView } from "./json-view.ts";

/** A row for each filter chain of a listener: its address, what it takes and where that goes. */
export function listenerRows(listener: JsonView): readonly (readonly string[])[] {
  const socket = listener.at("address", "socket_address");
  const place = [socket.at("address").text(), socket.at("port_value").text()];
  const chains = [...listener.at("filter_chains").items(), listener.at("default_filter_chain")];
  return chains
    .filter((chain) => chain.exists())
    .map((chain) => [...place, matchOf(chain.at("filter_chain_match")), destinationOf(chain)]);
}

function matchOf(match: JsonView): string {
  const listed = (name: string) =>
    match
      .at(name)
      .items()
      .map((item) => item.text())
      .join(",");
  const parts = [
    ["SNI", listed("server_names")],
    ["Trans", match.at("transport_protocol").text()],
    ["App", listed("application_protocols")],
    ["Addr", match.at("destination_port").text()],
  ].flatMap(([name, value]) => (value ? [`${name ?? ""}: ${value}`] : []));
  return parts.length > 0 ? parts.join("; ") : "ALL";
}

function destinationOf(chain: JsonView): string {
  const configurations = chain
    .at("filters")
    .items()
    .map((filter) => filter.at("typed_config"));
  for (const configuration of configurations) {
    const routeName = configuration.at("rds", "route_config_name").text();
    if (routeName !== "") return `Route: ${routeName}`;
    const inline = configuration.at("route_config");
    if (inline.exists()) return `Inline Route: ${inlineMatches(inline)}`;
    const cluster = configuration.at("cluster").text();
    if (cluster !== "") return `Cluster: ${cluster}`;
  }
  return "Non-HTTP/Non-TCP";
}

function inlineMatches(configuration: JsonView): string {
  const matches = configuration
    .at("virtual_hosts")
    .items()
    .flatMap((host) => host.at("routes").items())
    .map((route) => route.at("match", "path").text() || `${route.at("match", "prefix").text() || "/"}*`);
  return matches.join(", ");
}
