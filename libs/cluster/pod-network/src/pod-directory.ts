import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, normalize } from "node:path";
import type { Container } from "@bookmesh/kube-api";

/** A directory or file of a volume, and the path at which a container wants to see it. */
export interface Mount {
  readonly source: string;
  readonly mountPath: string;
}

/** Where one pod keeps its volumes, its containers' roots and their logs. */
export interface PodDirectory {
  volume(name: string): string;
  /** The directory that stands for `/` in a container: what `CONTAINER_SANDBOX_MOUNT_POINT` names. */
  root(container: string): string;
  /** The log of run number `restartCount`. */
  log(container: string, restartCount: number): string;
  /** A file that the runtime writes for the pod. */
  file(name: string): string;
  /** The container's mounts, outer ones first; what a `subPath` names is made where it does not exist. */
  mounts(container: Container): readonly Mount[];
  remove(): void;
}

/** The directory of the pod with this uid. */
export function podDirectory(podsDirectory: string, uid: string): PodDirectory {
  const base = join(podsDirectory, uid);
  const root = (container: string) => join(base, "containers", container, "root");
  const volume = (name: string) => join(base, "volumes", name);
  return {
    volume,
    root,
    log: (container, restartCount) => join(base, "containers", container, "logs", `${restartCount}.log`),
    file: (name) => join(base, name),
    mounts({ volumeMounts = [] }) {
      const outerFirst = volumeMounts.toSorted((one, other) => one.mountPath.length - other.mountPath.length);
      return outerFirst.map(({ mountPath, name: volumeName, subPath }) => {
        const source = join(volume(volumeName), insideOnly(subPath));
        if (subPath !== undefined && !existsSync(source)) mkdirSync(source, { recursive: true });
        return { source, mountPath: normalize(`/${mountPath}`).replace(/\/+$/, "") };
      });
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** `subPath` without any way out of the volume. */
function insideOnly(subPath: string | undefined): string {
  return normalize(`/${subPath ?? ""}`).slice(1);
}
