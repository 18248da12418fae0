import type { Random } from "@bookmesh/kernel";
import { leastRequest } from "../balancing/least-request.ts";
import { pickUntried, type LoadBalancer } from "../balancing/load-balancer.ts";
import { randomHost } from "../balancing/random-host.ts";
import { roundRobin } from "../balancing/round-robin.ts";
import type { BalancingPolicy, ClusterSpec } from "./cluster-spec.ts";
import type { EndpointSpec } from "./cluster-spec.ts";
import { Host } from "../host.ts";
import { OutlierDetector } from "../outlier/outlier-detector.ts";
import type { Cluster } from "../proxy-snapshot.ts";
import { UsableHosts } from "../usable-hosts.ts";

/** A cluster as it runs, and what of it lives on when its configuration changes. */
export interface RunningCluster {
  readonly cluster: Cluster;
  readonly spec: ClusterSpec;
  readonly endpoints: readonly EndpointSpec[];
  /** By `address:port`. */
  readonly hosts: ReadonlyMap<string, Host>;
  readonly balancer: LoadBalancer;
  /** One for the cluster's whole life, with rules or without. */
  readonly outliers: OutlierDetector;
}

/**
 * Runs a cluster on `endpoints`. What it shares with `previous` stays the same object: the cluster where nothing
 * changed, each host that is still there, and whose turn it is.
 */
export function runCluster(
  { spec, endpoints }: Pick<RunningCluster, "spec" | "endpoints">,
  previous: RunningCluster | undefined,
  random: Random,
): RunningCluster {
  if (previous?.spec === spec && previous.endpoints === endpoints) return previous;
  const hosts = new Map(
    endpoints.map((endpoint) => {
      const key = `${endpoint.address}:${endpoint.port}`;
      return [key, keepHost(previous?.hosts.get(key), endpoint)];
    }),
  );
  retireHosts(previous, hosts);
  const balancer =
    previous?.spec.policy === spec.policy ? previous.balancer : balancerOf(spec.policy, random);
  const outliers = previous?.outliers ?? new OutlierDetector(random);
  outliers.follow(spec.outliers, [...hosts.values()]);
  const members = [...hosts.values()].map((host, index) => ({
    host,
    isHealthy: endpoints[index]?.isHealthy ?? false,
  }));
  const usable = new UsableHosts(members, spec.panicFraction, outliers);
  return {
    cluster: clusterOf(spec, { usable, balancer, outliers }),
    spec,
    endpoints,
    hosts,
    balancer,
    outliers,
  };
}

/** Marks the hosts of a cluster that `hosts` does not have any more; all of them where it is left out. */
export function retireHosts(
  running: RunningCluster | undefined,
  hosts: ReadonlyMap<string, Host> = new Map(),
): void {
  for (const [key, host] of running?.hosts ?? []) {
    if (!hosts.has(key)) host.isMember = false;
  }
}

function keepHost(known: Host | undefined, { address, port, weight }: EndpointSpec): Host {
  const host = known ?? new Host(address, port, weight);
  host.weight = weight;
  return host;
}

function balancerOf(policy: BalancingPolicy, random: Random): LoadBalancer {
  switch (policy) {
    case "roundRobin":
      return roundRobin();
    case "leastRequest":
      return leastRequest(random);
    case "random":
      return randomHost(random);
  }
}

interface ClusterParts {
  readonly usable: UsableHosts;
  readonly balancer: LoadBalancer;
  readonly outliers: OutlierDetector;
}

function clusterOf(spec: ClusterSpec, { usable, balancer, outliers }: ClusterParts): Cluster {
  return {
    name: spec.name,
    kind: kindOf(spec),
    ...(spec.source.kind === "passthrough" && { sources: spec.source.sources }),
    connectTimeoutMs: spec.connectTimeoutMs,
    get hosts() {
      return usable.hosts;
    },
    pickHost: (tried) => pickUntried(balancer, usable.hosts, tried),
    limits: spec.limits,
    connections: spec.connections,
    outliers: spec.outliers && outliers,
  };
}

function kindOf({ source }: ClusterSpec): Cluster["kind"] {
  if (source.kind === "passthrough") return "passthrough";
  // A fixed cluster without hosts is how a control plane says "nowhere".
  return source.kind === "fixed" && source.endpoints.length === 0 ? "blackhole" : "hosts";
}
