import { randomBytes } from "node:crypto";
import { processStartTime } from "@bookmesh/processes";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeState } from "./remove-state.ts";

/** The directory with all state of a local cluster, held by one process at a time. */
export interface ClusterHome {
  readonly path: (...names: readonly string[]) => string;
  /** The text of a file, made by `make` where it does not exist. Nobody else can read it. */
  secret(name: string, make: () => string): string;
  write(name: string, content: string): void;
  /** Lets go of the directory. */
  release(): void;
}

const LOCK = "lock";
/** What `--fresh` leaves alone: it is the user's, or it is this run's. */
const KEPT_WHEN_FRESH = new Set([LOCK, "image-map.yml"]);

/** Takes hold of `home`. Throws a sentence where another process has it. */
export function openHome(home: string, fresh: boolean): ClusterHome {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700); // keys and tokens lie in it
  takeLock(join(home, LOCK), home);
  if (fresh)
    for (const name of readdirSync(home).filter((entry) => !KEPT_WHEN_FRESH.has(entry)))
      removeState(join(home, name));
  const write = (name: string, content: string) => writeFileSync(join(home, name), content, { mode: 0o600 });
  return {
    path: (...names) => join(home, ...names),
    write,
    secret(name, make) {
      const file = join(home, name);
      if (!existsSync(file)) write(name, make());
      return readFileSync(file, "utf8");
    },
    release() {
      rmSync(join(home, "cluster.json"), { force: true });
      rmSync(join(home, LOCK), { force: true });
    },
  };
}

/** A token that nobody guesses. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function takeLock(file: string, home: string): void {
  const own = `${process.pid} ${processStartTime(process.pid) ?? ""}`;
  for (;;) {
    try {
      writeFileSync(file, own, { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const [pid = "", startTime] = readFileSync(file, "utf8").split(" ");
    if (startTime !== undefined && startTime === processStartTime(Number(pid)))
      throw new Error(`A local cluster already runs on ${home} (process ${pid}). End it with: bookmesh down`);
    rmSync(file, { force: true }); // whoever wrote it is gone
  }
}
