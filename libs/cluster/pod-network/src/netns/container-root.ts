import { existsSync, mkdirSync, readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { shellWord } from "@bookmesh/node-host";
import type { Mount } from "../pod-directory.ts";
import { basename, dirname, join } from "node:path";

/** What a container sees of the file system. */
export interface ContainerRoot {
  /** An empty directory of this machine, where the container's root is put together. */
  readonly directory: string;
  readonly mounts: readonly Mount[];
  readonly workingDirectory: string;
}

/** Where a container finds this machine's own root again. */
const MACHINE = "/.machine";

/**
 * A shell script that replaces itself with its arguments' command, run in a root of its own: this machine's directories
 * with the container's mounts at their places. It must be run in a mount namespace of its own, with which all of it
 * vanishes. Nothing is written to the machine's directories: one that lacks a mount point is covered by a fresh one
 * with links to what it holds.
 */
export function containerRootScript(root: ContainerRoot): string {
  mkdirSync(root.directory, { recursive: true });
  return script(
    command("mount", "-t", "tmpfs", "-o", "mode=755", "bookmesh", root.directory),
    command("cd", root.directory),
    ...rootEntries(),
    `exec chroot . /bin/sh -c ${shellWord(innerScript(root))} sh "$@"`,
  );
}

function rootEntries(): readonly string[] {
  const bind = (from: string, to: string) => [command("mkdir", to), command("mount", "--rbind", from, to)];
  return [
    ...bind("/", `.${MACHINE}`),
    ...readdirSync("/", { withFileTypes: true }).flatMap((entry) => {
      const path = `/${entry.name}`;
      if (entry.isSymbolicLink()) return [command("ln", "-s", readlinkSync(path), `.${path}`)];
      return entry.isDirectory() ? bind(path, `.${path}`) : [];
    }),
  ];
}

function innerScript({ mounts, workingDirectory }: ContainerRoot): string {
  const placed = mounts.map(({ source, mountPath }) => ({ source, point: mountPoint(mountPath) }));
  const workPoint = mountPoint(workingDirectory);
  const lacking = new Set(
    [...placed.map(({ point }) => point), workPoint].flatMap(({ lackedBy }) => lackedBy),
  );
  return script(
    ...[...lacking].toSorted((one, other) => one.length - other.length).flatMap(cover),
    ...placed.flatMap(({ source, point: { path } }) => [
      ...(statSync(source).isDirectory() ? [command("mkdir", "-p", path)] : makeFile(path)),
      command("mount", "--bind", source, path),
    ]),
    command("mkdir", "-p", workPoint.path),
    command("cd", workPoint.path),
    'exec "$@"',
  );
}

function makeFile(path: string): readonly string[] {
  return [command("mkdir", "-p", dirname(path)), `[ -e ${shellWord(path)} ] || : >${shellWord(path)}`];
}

/** A path without links on its way. */
interface MountPoint {
  readonly path: string;
  readonly exists: boolean;
  /** The directory of this machine in which a step of the path is missing, if there is one. */
  readonly lackedBy: readonly string[];
}

function mountPoint(path: string): MountPoint {
  if (existsSync(path)) return { path: realpathSync(path), exists: true, lackedBy: [] };
  const parent = mountPoint(dirname(path));
  const isMachines = parent.exists && parent.path !== "/"; // which is the container's own
  return {
    path: join(parent.path, basename(path)),
    exists: false,
    lackedBy: isMachines ? [parent.path] : parent.lackedBy,
  };
}

function cover(directory: string): readonly string[] {
  const entries = readdirSync(directory).map((name) => join(MACHINE, directory, name));
  return [
    command("mount", "-t", "tmpfs", "-o", "mode=755", "bookmesh", directory),
    ...(entries.length === 0 ? [] : [command("ln", "-s", ...entries, directory)]),
  ];
}

function command(...words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

function script(...lines: readonly string[]): string {
  return ["set -e", ...lines].join("\n");
}
