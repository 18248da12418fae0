import { ApiError, type ObjectKey, type PodRuntime } from "@bookmesh/cluster-api";
import { NODE_NAME } from "@bookmesh/controllers";
import {
  endpointsDrained,
  podAddresses,
  podDirectory,
  type PodAddresses,
  type PodLink,
  type PodNetwork,
} from "@bookmesh/pod-network";
import {
  isFinished,
  keyOf,
  nameOf,
  unlessRefused,
  type ObjectCache,
  type ObjectChange,
} from "@bookmesh/reconcile";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type EndpointSlice, type Pod } from "@bookmesh/kube-api";
import { execInContainer } from "./exec-in-container.ts";
import type { NodeContext } from "./node-context.ts";
import { badRequest, podLogs, requireContainer, type PodOnNode } from "./pod-logs.ts";
import { startPodWorker, type PodWorker } from "./pod-worker.ts";

/** What the kubelet reads and whom it tells. */
export interface KubeletOptions {
  readonly node: NodeContext;
  readonly pods: ObjectCache<Pod>;
  readonly slices: ObjectCache<EndpointSlice>;
  readonly hostAddress: string;
  readonly network: PodNetwork;
}

/** A pod that is at home on this node. */
interface Resident {
  readonly worker: PodWorker;
  readonly uid: string;
  readonly link: PodLink;
  /** How long its processes have when it shall be deleted. */
  leavingWithinMs?: number;
}

/** Runs the pods of the API as processes of this machine. */
export class Kubelet implements PodRuntime {
  readonly #options: KubeletOptions;
  readonly #addresses: PodAddresses;
  readonly #residents = new Map<string, Resident>();
  #isStopping = false;

  constructor(options: KubeletOptions) {
    this.#options = options;
    const { pods, network } = options;
    this.#addresses = podAddresses(network.range);
    for (const { metadata, status } of pods.list())
      if (status?.podIP !== undefined) this.#addresses.reserve(metadata.uid ?? "", status.podIP);
    pods.onChange((change) => this.#onChange(change));
  }

  /** Ends every process within `graceMs`; the pods stay in the API as they are. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      [...this.#residents.values()].map(async ({ worker, link }) => {
        await worker.suspend(graceMs);
        link.close();
      }),
    );
  }

  /** Brings the volumes of a namespace's pods up to date. */
  refreshVolumes(namespace: string): void {
    for (const [name, { worker }] of this.#residents)
      if (name.startsWith(`${namespace}/`)) worker.refreshVolumes();
  }

  async logs(request: Parameters<PodRuntime["logs"]>[0]): ReturnType<PodRuntime["logs"]> {
    return Promise.resolve(podLogs(request, this.#podOnNode(request.pod)));
  }

  async exec(request: Parameters<PodRuntime["exec"]>[0]): ReturnType<PodRuntime["exec"]> {
    const { pod, worker } = this.#podOnNode(request.pod);
    requireContainer(pod, request.container);
    const run = worker?.context.runs.get(request.container);
    if (run === undefined) throw badRequest(`container not found ("${request.container}"): it does not run`);
    return execInContainer(run, request, this.#options.node.ledger);
  }

  async connect({ pod: key, port }: Parameters<PodRuntime["connect"]>[0]): ReturnType<PodRuntime["connect"]> {
    this.#podOnNode(key);
    const link = this.#residents.get(nameOf(key))?.link;
    if (link === undefined) throw badRequest(`pod ${key.name} does not run`);
    return link.connect(port);
  }

  #podOnNode(key: ObjectKey): PodOnNode {
    const { node, pods } = this.#options;
    const pod = pods.get(key);
    if (pod === undefined)
      throw new ApiError({ code: 404, reason: "NotFound", message: `pods "${key.name}" not found` });
    const directory = podDirectory(node.podsDirectory, pod.metadata.uid ?? key.name);
    return { pod, worker: this.#residents.get(nameOf(key))?.worker, directory };
  }

  #onChange({ type, object, previous }: ObjectChange<Pod>): void {
    const name = nameOf(keyOf(object));
    const resident = this.#residents.get(name);
    if (resident && resident.uid !== object.metadata.uid) this.#evict(name, resident, 0);
    if (this.#isStopping) return;
    if (type === "DELETED") {
      if (resident) this.#evict(name, resident, 0);
      else podDirectory(this.#options.node.podsDirectory, object.metadata.uid ?? "").remove();
      return;
    }
    if (object.metadata.deletionTimestamp !== undefined) this.#depart(name, object);
    else if (!this.#residents.has(name)) this.#admit(name, object);
    else if (resident) {
      resident.worker.refresh(object);
      const isRelabelled =
        previous?.metadata.labels !== object.metadata.labels ||
        previous?.metadata.annotations !== object.metadata.annotations;
      if (isRelabelled) resident.worker.refreshVolumes();
    }
  }

  #admit(name: string, pod: Pod): void {
    if (isFinished(pod) || pod.spec.nodeName !== NODE_NAME) return;
    const { node, hostAddress, network } = this.#options;
    const uid = pod.metadata.uid ?? "";
    const podIp = this.#addresses.allocate(uid);
    if (podIp === undefined) {
      node.logger.error({ pod: name }, "The pod network has no address left");
      return;
    }
    const link = network.attach(pod, podIp);
    const worker = startPodWorker(node, pod, { link, hostAddress });
    this.#residents.set(name, { worker, uid, link });
  }

  /** A pod that shall be deleted: its endpoints go first, then its processes, then the object. */
  #depart(name: string, pod: Pod): void {
    const resident = this.#residents.get(name);
    const graceMs = 1000 * (pod.metadata.deletionGracePeriodSeconds ?? 30);
    if (resident?.leavingWithinMs !== undefined) {
      if (graceMs < resident.leavingWithinMs) this.#logFailure(name, resident.worker.stop(graceMs)); // sooner than it was said
      return;
    }
    if (resident) resident.leavingWithinMs = graceMs;
    const { node, slices } = this.#options;
    const leaving = (async () => {
      if (resident) await endpointsDrained(slices, resident.uid, node.clock);
      if (resident) await resident.worker.stop(graceMs);
      if (this.#isStopping) return;
      if (resident) this.#forget(name, resident);
      const { uid } = pod.metadata;
      const options = { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { uid }) };
      await unlessRefused(node.access.delete(RESOURCES.pods, keyOf(pod), options), "NotFound", "Conflict");
    })();
    this.#logFailure(name, leaving);
  }

  /** A pod that is gone from the API already. */
  #evict(name: string, resident: Resident, graceMs: number): void {
    this.#residents.delete(name);
    const leaving = resident.worker.stop(graceMs).then(() => this.#forget(name, resident));
    this.#logFailure(name, leaving);
  }

  #forget(name: string, resident: Resident): void {
    if (this.#residents.get(name) === resident) this.#residents.delete(name);
    resident.link.close();
    resident.worker.remove();
    this.#addresses.release(resident.uid);
  }

  #logFailure(name: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.node.logger.error({ pod: name, reason: messageOf(error) }, "A pod could not be ended");
    });
  }
}
