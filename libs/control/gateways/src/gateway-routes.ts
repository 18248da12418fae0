import { create } from "@bufbuild/protobuf";
import type { VirtualService } from "@bookmesh/mesh-api";
import type { ProxyView } from "@bookmesh/translate";
import {
  isCatchAll,
  isExported,
  joinRouteConfiguration,
  namespaceOf,
  outboundView,
  resolveGateway,
  rulesOf,
  type Encoders,
  type HttpRouteInputs,
  type MeshIndex,
  type VirtualHostInputs,
} from "@bookmesh/translate/parts";
import { RouteConfigurationSchema } from "@bookmesh/xds-api";
import type { ServedServer } from "./merged-gateway.ts";
import { sharedHosts } from "./server-hosts.ts";

/** The route configurations of a proxy: those in the clear share one for each port, each encrypted server has its own. */
export function gatewayRoutes(
  served: readonly ServedServer[],
  { index, view, encode }: { readonly index: MeshIndex; readonly view: ProxyView; readonly encode: Encoders },
): ReturnType<typeof joinRouteConfiguration>[] {
  const byGateway = rulesByGateway(index, view);
  return [...Map.groupBy(served, ({ routes }) => routes)].map(([name, servers]) => {
    const hosts = virtualHosts(servers, { index, view, byGateway });
    const frame = { name, validateClusters: false, ignorePortInHostMatching: true };
    return joinRouteConfiguration(create(RouteConfigurationSchema, frame), hosts, encode);
  });
}

type RulesByGateway = ReadonlyMap<string, readonly VirtualService[]>;

/** The VirtualServices that name a Gateway and that the proxy's namespace sees, the oldest first. */
function rulesByGateway({ virtualServices }: MeshIndex, { namespace }: ProxyView): RulesByGateway {
  const bound = virtualServices.flatMap((rule) => {
    const own = namespaceOf(rule);
    if (!isExported(rule.spec.exportTo, own, namespace)) return [];
    const gateways = new Set(rule.spec.gateways?.map((gateway) => resolveGateway(gateway, own)));
    return [...gateways].map((gateway) => ({ gateway, rule }));
  });
  const groups = Map.groupBy(bound, ({ gateway }) => gateway);
  return new Map([...groups].map(([gateway, group]) => [gateway, group.map(({ rule }) => rule)]));
}

interface RouteContext {
  readonly index: MeshIndex;
  readonly view: ProxyView;
  readonly byGateway: RulesByGateway;
}

/** A virtual host that is being put together: several rules may add to it. */
interface GrowingHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: HttpRouteInputs[];
  requiresTls: boolean;
}

/** Source: istiod, `buildGatewayHTTPRouteConfig`. */
function virtualHosts(
  servers: readonly ServedServer[],
  { index, view, byGateway }: RouteContext,
): readonly VirtualHostInputs[] {
  const growing = new Map<string, GrowingHost>();
  const hostOf = (host: string, port: number): GrowingHost => {
    const known = growing.get(host);
    const found = known ?? { name: `${host}:${port}`, domains: [host], routes: [], requiresTls: false };
    growing.set(host, found);
    return found;
  };
  for (const { gateway, server, hosts } of servers) {
    const { number: port } = server.port;
    const redirects = server.tls?.httpsRedirect === true;
    const context = {
      view: outboundView(view, index),
      reader: gateway,
      port,
      serviceByHost: index.serviceByHost,
    };
    for (const rule of byGateway.get(gateway) ?? []) {
      const shared = sharedHosts(hosts, rule.spec.hosts ?? [], namespaceOf(rule));
      const routes = shared.length === 0 ? [] : rulesOf(rule, context);
      for (const host of routes.length === 0 ? [] : shared) {
        const virtualHost = hostOf(host, port);
        virtualHost.routes.push(...routes);
        virtualHost.requiresTls ||= redirects;
      }
    }
    for (const { host } of redirects ? hosts : []) hostOf(host, port).requiresTls = true;
  }
  const [first] = servers;
  if (growing.size === 0 && first !== undefined)
    return [{ name: `blackhole:${first.server.port.number}`, domains: ["*"], routes: [] }];
  return collapsed([...growing.values()].map(inOrder));
}

/** What matches everything comes last, whichever rule said it. */
function inOrder({ routes, ...host }: GrowingHost): VirtualHostInputs {
  const isLast = ({ match }: HttpRouteInputs) => isCatchAll(match);
  return { ...host, routes: [...routes.filter((route) => !isLast(route)), ...routes.filter(isLast)] };
}

/** Hosts with the same routes are one virtual host, by the name of the first. */
function collapsed(hosts: readonly VirtualHostInputs[]): readonly VirtualHostInputs[] {
  const sorted = hosts.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const groups = Map.groupBy(sorted, ({ routes, requiresTls }) => JSON.stringify([routes, requiresTls]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, domains: group.flatMap(({ domains }) => domains) }];
  });
}
