import { isDeepStrictEqual } from "node:util";
import { refusalReason, unversioned } from "@bookmesh/reconcile";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import type { NodeContext } from "./node-context.ts";

/** Writes a pod's status whenever it has changed: one write at a time, the newest state each time. */
export interface PodStatusWriter {
  /** Says that something has changed. */
  touch(): void;
  /** Resolves when everything that was touched has been written. */
  settled(): Promise<void>;
  /** Writes nothing more: what happens from now on is not part of the pod's life. */
  freeze(): void;
}

/** The wait before a failed write is tried again. */
const RETRY_MS = 500;

/** `current` makes the pod with its status as they are at that moment. */
export function podStatusWriter(
  { access, clock, logger }: NodeContext,
  current: () => Pod,
  stopping: AbortSignal,
): PodStatusWriter {
  let written: Pod["status"];
  let isDirty = false;
  let isFrozen = false;
  let writing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      await Promise.resolve(); // changes of one turn become one write
      const pod = current();
      if (isDeepStrictEqual(pod.status, written)) continue;
      try {
        await access.updateStatus(RESOURCES.pods, unversioned(pod)); // nobody else writes it: the last word holds
        written = pod.status;
      } catch (error) {
        if (refusalReason(error) === "NotFound" || stopping.aborted) return; // nobody can read it any more
        logger.warn({ pod: pod.metadata.name, reason: messageOf(error) }, "A pod's status was refused");
        isDirty = true;
        await clock.sleep(RETRY_MS, stopping).catch(() => undefined); // stopped: the next try is the last
      }
    }
  }

  return {
    touch() {
      if (isFrozen) return;
      isDirty = true;
      writing ??= drain().finally(() => {
        writing = undefined;
      });
    },
    freeze() {
      isFrozen = true;
      isDirty = false;
    },
    async settled() {
      while (writing) await writing;
    },
  };
}
