import { mkdirSync } from "node:fs";
import type { PodRuntime, ResourceAccess } from "@bookmesh/cluster-api";
import {
  RESOURCES,
  type ConfigMap,
  type EndpointSlice,
  type Pod,
  type Secret,
  type Service,
} from "@bookmesh/kube-api";
import {
  processLedger,
  startGuardian,
  writeBinShims,
  type ImageMap,
  type ProcessLedger,
} from "@bookmesh/processes";
import { publishCluster, startControllers } from "@bookmesh/controllers";
import { openNodePorts, serviceDirectory, type OpenPodNetwork } from "@bookmesh/pod-network";
import { eventRecorder, objectCache, type ControllerContext, type ObjectCache } from "@bookmesh/reconcile";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Clock, Random } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { Kubelet } from "./kubelet/kubelet.ts";
import type { NodeContext } from "./kubelet/node-context.ts";
import type { ClusterFacts } from "./kubelet/runtime-environment.ts";

/** What the runtime of a local cluster needs. */
export interface RuntimeOptions {
  readonly access: ResourceAccess;
  /** Where pods keep their files; made where it does not exist. */
  readonly home: string;
  /** The loopback address of the node: the API's, and that of node ports. */
  readonly hostAddress: string;
  readonly apiPort: number;
  readonly openNetwork: OpenPodNetwork;
  /** Read anew at every start of a container. */
  readonly imageMap: () => ImageMap;
  /** What `{dist}` and the like mean in the image map. `{node}` is given. */
  readonly templateValues: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The controllers and the kubelet of a local cluster. */
export interface Runtime extends PodRuntime {
  /** Ends every process within a few seconds. The API's objects stay as they are. */
  stop(): Promise<void>;
}

/** What processes get between SIGTERM and SIGKILL when the whole cluster ends. */
const SHUTDOWN_GRACE_MS = 3000;

/** Ends what an earlier run has left, then starts controllers, kubelet and node ports. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { access, home, hostAddress, clock, random, logger } = options;
  const ledger = openLedger(home, logger);
  const events = eventRecorder(access, clock, logger);
  const context: ControllerContext = { access, clock, random, logger, events };
  const caches = openCaches(access);
  const { pods, services, slices, configMaps, secrets } = caches;
  const directory = serviceDirectory(services, slices, () => clock.now());
  const network = await options.openNetwork({ ...options, services, slices, directory });
  await publishCluster(access, { hostAddress, podNetwork: network.published, nowMs: clock.now() });
  const node = nodeContext(options, { context, caches, ledger, node: network.node });
  writeBinShims(node.facts.binDirectory, options.imageMap(), node.templateValues);
  const kubelet = new Kubelet({ node, pods, slices, hostAddress, network });
  for (const cache of [configMaps, secrets])
    cache.onChange(({ object }) => kubelet.refreshVolumes(object.metadata.namespace ?? ""));
  const closeNodePorts = openNodePorts({ services, directory, hostAddress, network, events, logger });
  const controllers = startControllers(context, options);
  return {
    logs: (request) => kubelet.logs(request),
    exec: (request) => kubelet.exec(request),
    connect: (request) => kubelet.connect(request),
    async stop() {
      controllers.stop();
      events.stop();
      closeNodePorts();
      await kubelet.stop(SHUTDOWN_GRACE_MS);
      network.close();
      for (const cache of [pods, services, slices, configMaps, secrets]) cache.stop();
    },
  };
}

/** The ledger, empty, with its guardian. */
function openLedger(home: string, logger: Logger): ProcessLedger {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const ledger = processLedger(join(home, "processes"));
  const strays = ledger.endStrays();
  if (strays > 0) logger.info({ strays }, "Processes of an earlier run were ended");
  startGuardian(ledger.directory);
  return ledger;
}

interface Caches {
  readonly pods: ObjectCache<Pod>;
  readonly services: ObjectCache<Service>;
  readonly slices: ObjectCache<EndpointSlice>;
  readonly configMaps: ObjectCache<ConfigMap>;
  readonly secrets: ObjectCache<Secret>;
}

function openCaches(access: ResourceAccess): Caches {
  return {
    pods: objectCache<Pod>(access, RESOURCES.pods),
    services: objectCache<Service>(access, RESOURCES.services),
    slices: objectCache<EndpointSlice>(access, RESOURCES.endpointSlices),
    configMaps: objectCache<ConfigMap>(access, RESOURCES.configMaps),
    secrets: objectCache<Secret>(access, RESOURCES.secrets),
  };
}

function nodeContext(
  { home, imageMap, templateValues }: RuntimeOptions,
  parts: {
    readonly context: ControllerContext;
    readonly caches: Caches;
    readonly ledger: ProcessLedger;
    readonly node: string;
  },
): NodeContext {
  const facts: ClusterFacts = {
    nodeDirectory: dirname(parts.node),
    binDirectory: join(home, "bin"),
  };
  const { configMaps, secrets } = parts.caches;
  return {
    ...parts.context,
    facts,
    capacity: { cpus: availableParallelism(), memoryBytes: totalmem() },
    podsDirectory: join(home, "pods"),
    ledger: parts.ledger,
    imageMap,
    templateValues: { ...templateValues, node: parts.node },
    configMap: (namespace, name) => configMaps.get({ namespace, name }),
    secret: (namespace, name) => secrets.get({ namespace, name }),
  };
}
