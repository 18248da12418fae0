import { meshWorld, persist, type FollowPorts } from "@bookmesh/mesh-world";
import { eventRecorder, startReports } from "@bookmesh/reports";
import { webhookServer } from "./admission/https-server.ts";
import { rejectionReporter } from "./ads/report-rejections.ts";
import { keepWebhooks } from "./admission/keep-webhooks.ts";
import { injectionReviewer, validationReviewer } from "./admission/reviewers.ts";
import { adsOverTls } from "./ads/ads-over-tls.ts";
import { connectedProxies, type TargetOf } from "./ads/connected-proxies.ts";
import { meshRoot } from "./certificates/mesh-root.ts";
import { publishRoot } from "./certificates/publish-root.ts";
import { istiodNames, servingCertificate } from "./certificates/serving-certificate.ts";
import { watchRoot } from "./certificates/watch-root.ts";
import { controlPlaneMetrics } from "./debug/control-plane-metrics.ts";
import { metrics } from "./debug/metrics.ts";
import { monitoringServer } from "./debug/monitoring-server.ts";
import { debugPages } from "./debug/pages.ts";
import { drainConnections, listenOn, stopListening } from "./world/listen.ts";
import { prepareTargets, proxyTargets, type Translate } from "./world/proxy-targets.ts";

/** Who this istiod is. */
export interface DiscoveryIdentity {
  readonly podName: string;
  /** The mesh's own namespace. */
  readonly namespace: string;
  readonly clusterId: string;
  readonly revision: string;
  readonly version: string;
}

/** Where it listens; port 0 takes a free one. */
export interface DiscoveryAddresses {
  readonly host: string;
  readonly xdsPort: number;
  readonly webhookPort: number;
  readonly monitoringPort: number;
  /** For tests only: ADS without TLS and without authentication, on a loopback address. */
  readonly plaintextXds?: string;
}

/** Everything that the control plane runs on. */
export interface DiscoveryOptions extends FollowPorts {
  readonly identity: DiscoveryIdentity;
  readonly addresses: DiscoveryAddresses;
  readonly translate: Translate;
  /** How long `stop` serves on, so that whoever is still sent here gets an answer. */
  readonly drainMs: number;
}

/** A control plane that serves. */
export interface RunningDiscovery {
  readonly xdsPort: number;
  readonly webhookPort: number;
  readonly monitoringPort: number;
  /** Is not ready any more, serves on for `drainMs`, ends what is open, and resolves then. */
  stop(): Promise<void>;
}

/** Runs the control plane; resolves when it is ready: the mesh is known, and every port listens. */
export async function startDiscovery(options: DiscoveryOptions): Promise<RunningDiscovery> {
  const { identity, addresses, log, client, clock } = options;
  const { namespace, revision, clusterId, version } = identity;
  const numbers = metrics();
  const counters = controlPlaneMetrics(numbers, version);
  let ready = false;
  let targetOf: TargetOf = () => undefined;
  const proxies = connectedProxies((node) => targetOf(node), log);
  numbers.gauge({ name: "pilot_xds", help: "Connected proxies." }, () => proxies.list().length);
  const pages = { isReady: () => ready, version, revision, clusterId, metrics: numbers, proxies };
  const monitoring = monitoringServer(debugPages(pages));
  const monitoringPort = await listenOn(monitoring, addresses.host, addresses.monitoringPort);

  const worldComing = meshWorld(options, namespace);
  const root = await persist("Reading the mesh root", () => meshRoot(client, namespace, clock), options);
  publishRoot(root.certPem, options);
  const certificate = await servingCertificate(root, istiodNames(namespace, revision), options);
  const world = await worldComing;
  prepareTargets(world.current(), options.translate);
  targetOf = proxyTargets(world, options.translate);
  world.subscribe(() => proxies.refresh());

  const facts = { systemNamespace: namespace, clusterId, revision, version };
  const reviewers = new Map([
    ["/inject", injectionReviewer(world, facts, counters)] as const,
    ["/validate", validationReviewer(world, clock, counters)] as const,
  ]);
  const webhooks = webhookServer({ certificate, reviewers, log });
  const record = eventRecorder({ ...options, instance: identity.podName });
  watchRoot({ rootPem: root.certPem, namespace, record }, options);
  const onRejected = rejectionReporter(world, record);
  const ads = adsOverTls({ ...options, certificate, proxies, counters, onRejected });
  const [webhookPort, xdsPort] = await Promise.all([
    listenOn(webhooks, addresses.host, addresses.webhookPort),
    ads.listen(addresses),
  ]);
  keepWebhooks({ service: { namespace, name: "istiod" }, rootPem: root.certPem }, options);
  ready = true;
  const reports = startReports(world, record, options);
  return {
    ...{ xdsPort, webhookPort, monitoringPort },
    async stop() {
      ready = false;
      drainConnections(webhooks);
      await Promise.all([reports.stop(), clock.sleep(options.drainMs)]);
      await Promise.all([ads.stop(), stopListening(webhooks), stopListening(monitoring)]);
    },
  };
}
