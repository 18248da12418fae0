import { once } from "node:events";
import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { podLogs } from "@bookmesh/kube-client";
import { defaultContainer, defaultedNotice, findPod } from "../arguments/find-pod.ts";
import { warn, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** The options of `bookmesh logs`. */
export interface LogsOptions extends ClusterOptions {
  readonly container?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly previous?: boolean;
  readonly selector?: string;
}

/** `bookmesh logs POD`: what a container wrote, and with -f what it writes until Ctrl-C. */
export async function logs(io: ConsoleIo, word: string | undefined, options: LogsOptions): Promise<void> {
  const session = openSession(io, options);
  const pods = await podsOf(session, word, options);
  const [first] = pods;
  const notice = options.container === undefined && first ? defaultedNotice(first) : undefined;
  if (notice !== undefined) warn(io, notice);
  const writing = pods.map((pod) => writeLogs(session, pod, options));
  // One after the other unless they go on for ever.
  if (options.follow) await Promise.all(writing);
  else for (const each of writing) await each;
}

async function podsOf(
  session: Session,
  word: string | undefined,
  options: LogsOptions,
): Promise<readonly Pod[]> {
  if (word !== undefined) return [await findPod(session, word)];
  if (options.selector === undefined) throw new UsageError("Name a pod, or say -l SELECTOR.");
  const { namespace } = session;
  const { items } = await session.client.list<Pod>(RESOURCES.pods, {
    namespace,
    labelSelector: options.selector,
  });
  return items;
}

async function writeLogs({ client, io, namespace }: Session, pod: Pod, options: LogsOptions): Promise<void> {
  const { follow, tail, previous } = options;
  const pieces = podLogs(
    client,
    { namespace, name: pod.metadata.name },
    {
      container: options.container ?? defaultContainer(pod),
      signal: io.signal,
      ...(follow !== undefined && { follow }),
      ...(tail !== undefined && { tailLines: tail }),
      ...(previous !== undefined && { previous }),
    },
  );
  try {
    for await (const piece of pieces) if (!io.stdout.write(piece)) await once(io.stdout, "drain");
  } catch (error) {
    if (!io.signal.aborted) throw error;
  }
}
