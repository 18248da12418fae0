import type { ResourceAccess } from "@bookmesh/cluster-api";
import { workQueue, type WorkQueue } from "./work-queue.ts";
import { refusalReason } from "./refusal.ts";
import { messageOf, type Clock, type Random } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import type { EventRecorder } from "./event-recorder.ts";

/** What every controller works with. */
export interface ControllerContext {
  readonly access: ResourceAccess;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Something that runs until it is stopped. */
export interface Controller {
  stop(): void;
}

/** The first wait keeps a refused pod's retry within a second; the last one a broken object cheap. */
const RETRY = { initialMs: 100, maxMs: 30_000 } as const;

/** Keys worked on at once, per controller: the API is in the same process, more would only queue there. */
const CONCURRENCY = 4;

/** A work queue with the controllers' common back-off and log. */
export function controllerQueue(
  name: string,
  { clock, random, logger }: ControllerContext,
  sync: (key: string) => Promise<void>,
): WorkQueue {
  return workQueue({
    sync,
    clock,
    random,
    retry: RETRY,
    concurrency: CONCURRENCY,
    onFailure(key, error) {
      const level = refusalReason(error) === "Conflict" ? "debug" : "warn"; // somebody else wrote first: routine
      logger[level]({ controller: name, key, reason: messageOf(error) }, "The controller will try again");
    },
  });
}
