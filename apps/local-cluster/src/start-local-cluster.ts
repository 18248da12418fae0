import { join } from "node:path";
import { startApiServer } from "@bookmesh/api-server";
import type { ResourceAccess } from "@bookmesh/cluster-api";
import {
  hostDoor,
  type HostDoor,
  loopbackNetwork,
  mappedNetwork,
  netnsNetwork,
  podRange,
  type MappedPrograms,
  type OpenPodNetwork,
} from "@bookmesh/pod-network";
import { startRuntime } from "@bookmesh/runtime";
import { systemClock, type Logger } from "@bookmesh/node-host";
import { clusterCertificates } from "./cluster-certificates.ts";
import { newToken, openHome, type ClusterHome } from "./cluster-home.ts";
import { imageMaps } from "./image-maps.ts";
import { requireSameNetwork } from "./kept-pod-network.ts";
import { kubeconfig } from "./kubeconfig.ts";
import type { LocalClusterOptions, PodNetworkMode } from "./options.ts";
import { requireFreePort } from "./port-owner.ts";

/** A local cluster that runs in this process. */
export interface LocalCluster {
  readonly address: string;
  readonly port: number;
  /** The file with which kubectl reaches it. */
  readonly kubeconfig: string;
  readonly access: ResourceAccess;
  /** Ends every process, then the API; the state stays. */
  stop(): Promise<void>;
}

/** Starts API, controllers and kubelet. Throws a sentence for the person who started it, and leaves nothing behind then. */
export async function startLocalCluster(options: LocalClusterOptions, logger: Logger): Promise<LocalCluster> {
  const { address, port } = options;
  requireSupport(process.platform, address);
  await requireFreePort(address, port);
  const home = openHome(options.home, options.fresh);
  const undo: (() => Promise<void> | void)[] = [() => home.release()];
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const running = await startInHome(options, { home, logger, undo });
    return { address, port, ...running, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const PLATFORMS: readonly NodeJS.Platform[] = ["linux", "darwin"];

/** Throws where this machine cannot run the pod network. */
export function requireSupport(platform: NodeJS.Platform, address: string): void {
  if (!PLATFORMS.includes(platform))
    throw new Error(`The local cluster runs on Linux and macOS; ${platform} is not supported.`);
  if (podRange(address) === undefined)
    throw new Error(`The address ${address} is not usable: take one from 127.0.0.1 to 127.0.0.112.`);
}

interface Parts {
  readonly home: ClusterHome;
  readonly logger: Logger;
  /** What to undo at the end, in the order in which it was done. */
  readonly undo: (() => Promise<void> | void)[];
}

async function startInHome(
  { address, port, podNetwork, distDirectory, projectDirectory }: LocalClusterOptions,
  { home, logger, undo }: Parts,
): Promise<Pick<LocalCluster, "kubeconfig" | "access">> {
  requireSameNetwork(home, podNetwork);
  const clock = systemClock;
  const { authorityPem, serving } = await clusterCertificates(home, address, clock);
  const door = podNetwork === "netns" ? hostDoor() : undefined;
  const token = home.secret("admin-token", newToken);
  const api = await startApiServer({
    address,
    port,
    tls: { key: serving.keyPem, cert: serving.certPem, ca: authorityPem },
    adminToken: token,
    databaseFile: home.path("state.sqlite"),
    clock,
    random: Math.random,
    logger,
    ...(door && { dial: (target) => door.dial(target) }),
  });
  undo.push(() => api.close());
  const runtime = await startRuntime({
    access: api.access,
    home: home.path(),
    hostAddress: address,
    apiPort: port,
    openNetwork: networkOf(podNetwork, door, {
      directory: home.path("node"),
      preload: join(distDirectory, "map-sockets.mjs"),
    }),
    imageMap: imageMaps(
      [home.path("image-map.yml"), join(projectDirectory, "apps/local-cluster/image-map.yml")],
      logger,
    ),
    templateValues: { dist: distDirectory, tools: join(projectDirectory, "tools") },
    clock,
    random: Math.random,
    logger,
  });
  undo.push(() => runtime.stop());
  api.usePodRuntime(runtime);
  home.write("kubeconfig", kubeconfig({ address, port, authorityPem, token }));
  home.write("cluster.json", `${JSON.stringify({ pid: process.pid, address, port })}\n`);
  return { kubeconfig: home.path("kubeconfig"), access: api.access };
}

function networkOf(
  mode: PodNetworkMode,
  door: HostDoor | undefined,
  programs: MappedPrograms,
): OpenPodNetwork {
  if (door) return netnsNetwork(door);
  return mode === "mapped" ? mappedNetwork(programs) : loopbackNetwork;
}
