import { join } from "node:path";
import type { AccessLogSink, DrainTimes, Traffic, TrafficOptions } from "@bookmesh/traffic";
import type { Clock, Random } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import type { Node } from "@bookmesh/xds-api";
import { adminPages, metricsReply, type AdminActions } from "../admin/admin-pages.ts";
import type { AdminView } from "../admin/admin-view.ts";
import { serveSmall, type SmallServer } from "../admin/small-server.ts";
import { followControlPlane, type ControlPlane } from "../ads/ads-client.ts";
import { ConfigStore } from "../ads/config-store.ts";
import { proxyNode } from "../ads/proxy-node.ts";
import { LastGoodConfiguration } from "../last-good/last-good-configuration.ts";
import { healthPages, metricsPages, passProbe } from "./agent-pages.ts";
import type { PodEnvironment } from "./pod-environment.ts";
import { watchReadiness, type Readiness } from "./readiness.ts";
import type { SIDECAR_PORTS } from "./sidecar-ports.ts";

/** Within the pod's volume for data. */
const LAST_GOOD_FILE = "last-good-configuration";

/** A proxy that could serve by it takes a control plane that is silent for so long for one that is away. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What a sidecar is made of. */
export interface SidecarOptions {
  readonly pod: PodEnvironment;
  readonly controlPlane: ControlPlane;
  readonly version: string;
  readonly ports: { readonly [Port in keyof typeof SIDECAR_PORTS]: number };
  readonly serveTraffic: (options: TrafficOptions) => Traffic;
  readonly accessLog: AccessLogSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Aborted: drain, then end. */
  readonly signal: AbortSignal;
}

/** A sidecar that runs. */
export interface Sidecar {
  /** As they were given; another number where 0 was. */
  readonly ports: SidecarOptions["ports"];
  readonly readiness: Readiness;
  /** Resolves once it has drained and closed everything. */
  readonly ended: Promise<void>;
}

/** Starts a sidecar; resolves when its own ports answer. It is ready later, when the control plane has spoken. */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const { pod, clock, random, logger, accessLog, signal } = options;
  const node = proxyNode(pod);
  const store = new ConfigStore({ clock, random });
  const traffic = options.serveTraffic(trafficOptions(options, store));
  const readiness = watchReadiness(store, traffic, (error) => logger.error({ err: error }, "cannot listen"));
  const hangUp = new AbortController();
  const ads = followAndRemember(options, { node, store, signal: hangUp.signal });
  const view: AdminView = {
    node,
    store,
    ads,
    clock,
    stats: traffic.stats,
    startedMs: clock.now(),
    version: options.version,
    state: readiness.state,
  };
  const quit = new AbortController();
  const drain = drainOnce(traffic, readiness);
  const servers = await openServers({
    options,
    view,
    actions: { drain: () => void drain(pod.drain), quit: () => quit.abort() },
    readiness,
  });
  const ended = untilAborted(AbortSignal.any([signal, quit.signal])).then(async () => {
    const times = quit.signal.aborted ? atOnce(pod.drain) : pod.drain;
    logger.info(times, "draining");
    await drain(times);
    hangUp.abort();
    await ads.ended;
    traffic.close();
    for (const server of Object.values(servers)) server.close();
    await accessLog.close();
  });
  return { ports: portsOf(servers), readiness, ended };
}

/** Follows the control plane, and keeps what it said for a start without one. */
function followAndRemember(
  { pod, controlPlane, clock, random, logger }: SidecarOptions,
  { node, store, signal }: { readonly node: Node; readonly store: ConfigStore; readonly signal: AbortSignal },
): ReturnType<typeof followControlPlane> {
  const lastGood = new LastGoodConfiguration({
    file: join(pod.dataDirectory, LAST_GOOD_FILE),
    owner: { node: node.id, mesh: pod.metadata["MESH_ID"] ?? "" },
    store,
    clock,
    logger,
    isConnected: () => ads.isConnected,
  });
  lastGood.keep(signal);
  const ads = followControlPlane({
    controlPlane,
    node,
    store,
    clock,
    random,
    signal,
    answerTimeoutMs: lastGood.isThere ? ANSWER_TIMEOUT_MS : undefined,
    onStreamEnd(reason, retryMs) {
      logger.warn({ reason, retryMs }, "the control plane is away");
      lastGood.restore();
    },
  });
  return ads;
}

function trafficOptions(
  { pod, accessLog, clock, random }: SidecarOptions,
  { config }: ConfigStore,
): TrafficOptions {
  const { applicationAddress, podAddress, dialFrom } = pod;
  const isGateway = pod.role === "router";
  const common = { config, accessLog, clock, random, applicationAddress, podAddress, isGateway };
  return dialFrom === undefined ? common : { ...common, dialFrom };
}

/** Draining begins once, whoever asks first; everybody waits for the same end. */
function drainOnce(traffic: Traffic, readiness: Readiness): (times: DrainTimes) => Promise<void> {
  let drained: Promise<void> | undefined;
  return (times) => {
    readiness.startDraining();
    return (drained ??= traffic.drain(times));
  };
}

/** Whoever asks to quit knows that nobody comes any more: what is open may end, as long as a drain takes at the least. */
function atOnce({ minimumMs }: DrainTimes): DrainTimes {
  return { minimumMs: 0, maximumMs: minimumMs };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

type Servers = { readonly [Port in keyof typeof SIDECAR_PORTS]: SmallServer };

async function openServers(parts: {
  readonly options: SidecarOptions;
  readonly view: AdminView;
  readonly actions: AdminActions;
  readonly readiness: Readiness;
}): Promise<Servers> {
  const { pod, ports } = parts.options;
  const metrics = metricsPages(() => metricsReply(parts.view));
  const health = healthPages(parts.readiness.isReady);
  const [admin, agent, healthServer, metricsServer] = await Promise.all([
    serveSmall({
      address: pod.localAddress,
      port: ports.admin,
      pages: adminPages(parts.view, parts.actions),
      acceptsHost: (host) => isOwnHost(host, pod),
    }),
    serveSmall({
      address: pod.publicAddress,
      port: ports.agent,
      pages: new Map([...metrics, ...health]),
      otherwise: ({ pathname }) => passProbe(pod, pathname),
    }),
    serveSmall({ address: pod.publicAddress, port: ports.health, pages: health }),
    serveSmall({ address: pod.publicAddress, port: ports.metrics, pages: metrics }),
  ]);
  return { admin, agent, health: healthServer, metrics: metricsServer };
}

function portsOf({ admin, agent, health, metrics }: Servers): Sidecar["ports"] {
  return { admin: admin.port, agent: agent.port, health: health.port, metrics: metrics.port };
}

function isOwnHost(host: string, { podAddress, localAddress }: PodEnvironment): boolean {
  return ["localhost", "[::1]", podAddress, localAddress].includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
}
