import type { ContainerLog } from "../logs/container-log.ts";
import type { Enclosure } from "../network/pod-network.ts";
import type { ChildGroup } from "../process/child-group.ts";

/** A container whose process runs. */
export interface ContainerRun {
  readonly group: ChildGroup;
  readonly log: ContainerLog;
  /** What commands that `exec` runs in it get too. */
  readonly environment: Readonly<Record<string, string>>;
  readonly enclosure: Enclosure;
}
