import type { Cluster, ForwardAction, HeadEdits, HeaderEdits, Route } from "@bookmesh/proxy-core";
import type { HttpChainSpec } from "./decode/connection-manager.ts";
import { mergeEdits } from "./decode/header-edits.ts";
import type { ForwardSpec, TargetEdits } from "./decode/route-action.ts";
import type { RouteSpec } from "./route.ts";

type Clusters = ReadonlyMap<string, Cluster>;

/** What a route falls back to: the settings of its connection manager. */
type ChainDefaults = Pick<HttpChainSpec, "idleTimeoutMs" | "fault">;

/** Makes a route that the data path can follow: names of clusters become clusters. */
export function linkRoute(spec: RouteSpec, chain: ChainDefaults, clusters: Clusters): Route {
  const { name, condition, matches, action } = spec;
  if (action.kind !== "forward") return { name, condition, matches, action };
  const linked = linkForward(spec, action, { chain, clusters });
  return { name, condition, matches, action: linked };
}

interface Surroundings {
  readonly chain: ChainDefaults;
  readonly clusters: Clusters;
}

function linkForward(
  route: RouteSpec,
  action: ForwardSpec,
  { chain, clusters }: Surroundings,
): ForwardAction {
  const { targets, mirrors } = action;
  const linked: ForwardAction = {
    kind: "forward",
    targets: targets.map(({ cluster, weight }) => ({ cluster, weight })),
    pickCluster: picker(targets, ({ cluster }) => clusters.get(cluster)),
    mirrors: mirrors.flatMap(({ cluster: name, ...share }) => {
      const cluster = clusters.get(name);
      return cluster ? [{ cluster, ...share }] : [];
    }),
    timeoutMs: action.timeoutMs,
    idleTimeoutMs: action.idleTimeoutMs ?? chain.idleTimeoutMs,
    retry: action.retry,
    edits: headEdits(route.requestEdits, action),
    responseEdits: route.responseEdits,
    fault: action.fault ?? chain.fault,
  };
  if (targets.every(({ edits }) => edits === undefined)) return linked;
  const ofTarget = ({ cluster, edits }: ForwardSpec["targets"][number]): ForwardAction => ({
    ...linked,
    pickCluster: () => clusters.get(cluster),
    ...(edits && destinationEdits(route, action, edits)),
  });
  return { ...linked, actionFor: picker(targets, ofTarget) };
}

/** A route's own edits have the last word, as everywhere in Envoy the wider one has. */
function destinationEdits(
  { requestEdits, responseEdits }: RouteSpec,
  { authority, path }: ForwardSpec,
  edits: TargetEdits,
): Pick<ForwardAction, "edits" | "responseEdits"> {
  return {
    edits: headEdits(merged(edits.request, requestEdits), {
      path,
      authority: authority ?? edits.authority,
    }),
    responseEdits: merged(edits.response, responseEdits),
  };
}

function merged(own: HeaderEdits, wider: HeaderEdits | undefined): HeaderEdits | undefined {
  return mergeEdits(wider ? [own, wider] : [own]);
}

function headEdits(
  edits: HeaderEdits | undefined,
  { authority, path }: Pick<ForwardSpec, "authority" | "path">,
): HeadEdits | undefined {
  if (!edits && authority === undefined && !path) return undefined;
  const none = { remove: [], set: [], append: [] };
  return { ...(edits ?? none), authority, path: path ?? (() => undefined) };
}

/** Picks by weight; what is picked is made once. `undefined` where nothing has a weight. */
function picker<T extends { readonly weight: number }, Picked>(
  targets: readonly T[],
  make: (target: T) => Picked,
): (draw: number) => Picked | undefined {
  const weighted = targets.filter(({ weight }) => weight > 0);
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  let reached = 0;
  const steps = weighted.map((target) => {
    reached += target.weight;
    return { below: reached / sum, picked: make(target) };
  });
  const [only] = steps;
  if (only && steps.length === 1) return () => only.picked;
  return (draw) => (steps.find(({ below }) => draw < below) ?? steps.at(-1))?.picked;
}
