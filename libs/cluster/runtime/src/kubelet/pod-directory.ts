import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Container } from "@bookmesh/kube-api";

/** Where one pod keeps its volumes, its containers' roots and their logs. */
export interface PodDirectory {
  volume(name: string): string;
  /** The directory that stands for `/` in a container: what `CONTAINER_SANDBOX_MOUNT_POINT` names. */
  root(container: string): string;
  /** The log of run number `restartCount`. */
  log(container: string, restartCount: number): string;
  /** Links the container's mounts into its root. */
  mount(container: Container): void;
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
    mount({ name, volumeMounts = [] }) {
      mkdirSync(join(root(name), "tmp"), { recursive: true });
      const outerFirst = volumeMounts.toSorted((one, other) => one.mountPath.length - other.mountPath.length);
      for (const { mountPath, name: volumeName, subPath } of outerFirst) {
        const link = join(root(name), normalize(mountPath).replace(/\/+$/, ""));
        const target = join(volume(volumeName), insideOnly(subPath));
        if (subPath !== undefined && !existsSync(target)) mkdirSync(target, { recursive: true });
        mountLink(link, target);
      }
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** `subPath` without any way out of the volume. */
function insideOnly(subPath: string | undefined): string {
  return normalize(`/${subPath ?? ""}`).slice(1);
}

function mountLink(link: string, target: string): void {
  mkdirSync(dirname(link), { recursive: true });
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink()) return;
  if (present) rmSync(link, { recursive: true });
  symlinkSync(target, link);
}
