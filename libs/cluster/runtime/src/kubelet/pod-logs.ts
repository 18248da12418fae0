import { ApiError, type PodRuntime } from "@bookmesh/cluster-api";
import { podContainers, type PodDirectory } from "@bookmesh/pod-network";
import { readLog } from "@bookmesh/processes";
import type { Pod } from "@bookmesh/kube-api";
import type { PodWorker } from "./pod-worker.ts";

type LogsRequest = Parameters<PodRuntime["logs"]>[0];

/** Opens the log of a container that runs, or that has run before. */
export function podLogs(
  request: LogsRequest,
  { pod, worker, directory }: PodOnNode,
): Awaited<ReturnType<PodRuntime["logs"]>> {
  const { container, previous, follow, signal, timestamps, tailLines, sinceSeconds, limitBytes } = request;
  requireContainer(pod, container);
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const status = statuses.find(({ name }) => name === container);
  const record = worker?.context.record(container) ?? status;
  const restartCount = record?.restartCount ?? 0;
  const hasRun = worker ? worker.context.record(container).containerId !== undefined : status?.containerID;
  if (!hasRun && status?.state?.waiting)
    throw badRequest(
      `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${status.state.waiting.reason ?? ""}`,
    );
  if (previous && restartCount === 0)
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  const run = worker?.context.runs.get(container);
  return readLog({
    file: directory.log(container, previous ? restartCount - 1 : restartCount),
    timestamps,
    signal,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceSeconds === undefined ? {} : { sinceMs: Date.now() - sinceSeconds * 1000 }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(follow && !previous && run ? { follow: run.log } : {}),
  });
}

/** A pod with what this node has of it. */
export interface PodOnNode {
  readonly pod: Pod;
  readonly worker: PodWorker | undefined;
  readonly directory: PodDirectory;
}

/** Refuses a container that the pod does not have. */
export function requireContainer({ spec, metadata }: Pod, container: string): void {
  if (podContainers(spec).some((candidate) => candidate.container.name === container)) return;
  throw badRequest(`container ${container} is not valid for pod ${metadata.name}`);
}

/** A refusal with reason BadRequest. */
export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: "BadRequest", message });
}
