import type { Enclosure } from "@bookmesh/pod-network";
import type { ChildGroup, ContainerLog } from "@bookmesh/processes";

/** A container whose process runs. */
export interface ContainerRun {
  readonly group: ChildGroup;
  readonly log: ContainerLog;
  /** What commands that `exec` runs in it get too. */
  readonly environment: Readonly<Record<string, string>>;
  readonly enclosure: Enclosure;
}
