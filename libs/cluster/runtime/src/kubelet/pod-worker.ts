import { messageOf } from "@bookmesh/kernel";
import { podContainers, podDirectory, type PodLink } from "@bookmesh/pod-network";
import { isAborted } from "./is-aborted.ts";
import type { Pod } from "@bookmesh/kube-api";
import { newRecord, nextRecord, recoveredRecord, type ContainerRecord } from "./container-record.ts";
import type { NodeContext } from "./node-context.ts";
import { reportPodEvent, type PodContext } from "./pod-context.ts";
import { podPhase, podStatus } from "./pod-status.ts";
import { podStatusWriter } from "./pod-status-writer.ts";
import { podVolumes, type PodVolumes } from "./pod-volumes.ts";
import { runPod } from "./run-pod.ts";
import { stopPod } from "./stop-pod.ts";

/** Runs one pod from its first process to its last. */
export interface PodWorker {
  readonly context: PodContext;
  /** Takes the pod as the API has it now. */
  refresh(pod: Pod): void;
  /** Brings the volumes up to date after something that they show has changed. */
  refreshVolumes(): void;
  /** Ends the pod's processes within `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** The same at the end of the cluster: the status stays, so that the next start takes the pod up where it was. */
  suspend(graceMs: number): Promise<void>;
  /** Removes what the pod has on disk. */
  remove(): void;
}

/** How soon a volume that could not be filled is tried again, and a token's renewal looked at. */
const VOLUME_RETRY_MS = 1000;

/** Begins to run `pod` in its place on the network. */
export function startPodWorker(node: NodeContext, pod: Pod, { link, hostAddress }: Place): PodWorker {
  const { podIp } = link;
  let newest = pod;
  const stopping = new AbortController();
  const records = firstRecords(node, pod);
  const withStatus = (): Pod => {
    const facts = { records: [...records.values()], podIp, hostAddress, nowMs: node.clock.now() };
    newest = { ...newest, status: podStatus(newest, facts) };
    return newest;
  };
  const writer = podStatusWriter(node, withStatus, stopping.signal);
  const context: PodContext = {
    node,
    link,
    directory: podDirectory(node.podsDirectory, pod.metadata.uid ?? pod.metadata.name),
    pod: () => (newest.status?.podIP === podIp ? newest : withStatus()),
    record: (name) => recordOf(records, name),
    update(name, event) {
      records.set(name, nextRecord(recordOf(records, name), event));
      writer.touch();
    },
    runs: new Map(),
    stopping: stopping.signal,
  };
  const volumes = podVolumes(context);
  writer.touch();
  const life = live(context, volumes);
  const stop = async (graceMs: number): Promise<void> => {
    stopping.abort();
    await stopPod(context, graceMs);
    await life;
    await writer.settled();
  };
  return {
    context,
    refresh(next) {
      newest = { ...next, status: { ...next.status, ...newest.status } };
    },
    refreshVolumes: () => void fillQuietly(context, volumes),
    stop,
    async suspend(graceMs) {
      writer.freeze();
      await stop(graceMs);
    },
    remove: () => context.directory.remove(),
  };
}

interface Place {
  readonly link: PodLink;
  readonly hostAddress: string;
}

function recordOf(records: ReadonlyMap<string, ContainerRecord>, name: string): ContainerRecord {
  const record = records.get(name);
  if (record === undefined) throw new Error(`The pod has no container named "${name}".`);
  return record;
}

/** Containers that ran before the cluster was restarted go on counting from there. */
function firstRecords(node: NodeContext, { spec, status }: Pod): Map<string, ContainerRecord> {
  const before = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waitingFor = spec.initContainers?.length ? "PodInitializing" : "ContainerCreating";
  return new Map(
    podContainers(spec).map(({ container, role }) => {
      const { name, image = "" } = container;
      const fresh = newRecord({ name, image, role }, waitingFor);
      const known = before.find((candidate) => candidate.name === name);
      return [name, known ? recoveredRecord(fresh, known, node.clock.now()) : fresh] as const;
    }),
  );
}

async function live(context: PodContext, volumes: PodVolumes): Promise<void> {
  const { node, pod } = context;
  try {
    const records = podContainers(pod().spec).map(({ container }) => context.record(container.name));
    const phase = podPhase(pod(), records);
    if (phase === "Succeeded" || phase === "Failed") return; // it was over before the cluster was restarted
    await context.link.ready;
    await fillAtLast(context, volumes);
    const renewing = renewTokens(context, volumes);
    await runPod(context);
    await renewing.stop();
  } catch (error) {
    node.logger.error({ pod: pod().metadata.name, reason: messageOf(error) }, "A pod cannot be run");
  }
}

/** Fills the volumes as soon as everything is there; tries 1, 2, 4, 8, … that fail are reported. */
async function fillAtLast(context: PodContext, volumes: PodVolumes): Promise<void> {
  const { node, stopping } = context;
  for (let tries = 1; !isAborted(stopping); tries += 1) {
    const isReported = (tries & (tries - 1)) === 0;
    if (await fillQuietly(context, volumes, isReported)) return;
    await node.clock.sleep(VOLUME_RETRY_MS, stopping).catch(() => undefined); // stopped: the loop ends
  }
}

async function fillQuietly(context: PodContext, volumes: PodVolumes, isReported = true): Promise<boolean> {
  try {
    await volumes.fill();
    return true;
  } catch (error) {
    if (isReported && !context.stopping.aborted)
      reportPodEvent(context, ["Warning", "FailedMount", messageOf(error)]);
    return false;
  }
}

function renewTokens(context: PodContext, volumes: PodVolumes): { stop(): Promise<void> } {
  const { clock } = context.node;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.stopping]);
  const renewing = (async () => {
    for (
      let atMs = volumes.renewAtMs();
      atMs !== undefined && !isAborted(signal);
      atMs = volumes.renewAtMs()
    ) {
      await clock.sleep(Math.max(VOLUME_RETRY_MS, atMs - clock.now()), signal).catch(() => undefined);
      if (!isAborted(signal)) await fillQuietly(context, volumes);
    }
  })();
  return {
    async stop() {
      over.abort();
      await renewing;
    },
  };
}
