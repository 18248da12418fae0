import { spawn } from "node:child_process";
import { Socket } from "node:net";

/**
 * Waits until its standard input ends, which happens when the cluster's process does, however it dies, and then kills
 * the process groups that the ledger still notes: this one, not a later one of the same name. The shell is in every Linux and costs 1 MB; a Node would cost 40.
 */
const SCRIPT = `
cd "$1" 2>/dev/null || exit 0
cat >/dev/null
for pid in *; do
  read -r noted <"$pid" || continue
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
  set -- \${stat##*) }
  shift 19
  [ "$1" = "$noted" ] && kill -KILL "-$pid"
done 2>/dev/null
exit 0
`;

/** Starts the guardian of the ledger in `directory`. It ends by itself after this process. */
export function startGuardian(directory: string): void {
  const guardian = spawn("/bin/sh", ["-c", SCRIPT, "bookmesh-guardian", directory], {
    detached: true, // Ctrl-C in the terminal must not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.on("error", () => undefined); // without a shell the next start ends what was left
  guardian.stdin.on("error", () => undefined);
  guardian.unref();
  if (guardian.stdin instanceof Socket) guardian.stdin.unref(); // nor does its pipe keep this process
}
