import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { processStartTime, startTimeOfPs } from "./start-time.ts";

/**
 * Waits until its standard input ends, which happens when the cluster's process does, however it dies, and then kills
 * the process groups that the ledger still notes: this one, not a later one of the same name. The shell is in every Unix
 * and costs 1 MB; a Node would cost 40.
 */
const SCRIPT = `
start_time_of_proc() {
  stat=$(cat "/proc/$1/stat") || exit
  set -- \${stat##*) }
  shift 19
  echo "$1"
}
start_time_of_ps() {
  set -- $(LC_ALL=C ps -o lstart= -p "$1")
  IFS=_
  echo "$*"
}
cd "$1" 2>/dev/null || exit 0
cat >/dev/null
for pid in *; do
  read -r noted <"$pid" || continue
  [ "$("start_time_of_$2" "$pid")" = "$noted" ] && kill -KILL "-$pid"
done 2>/dev/null
exit 0
`;

/** Starts the guardian of the ledger in `directory`. It ends by itself after this process. */
export function startGuardian(directory: string, startTimeOf = processStartTime): void {
  const source = startTimeOf === startTimeOfPs ? "ps" : "proc";
  const guardian = spawn("/bin/sh", ["-c", SCRIPT, "bookmesh-guardian", directory, source], {
    detached: true, // Ctrl-C in the terminal must not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.on("error", () => undefined); // without a shell the next start ends what was left
  guardian.stdin.on("error", () => undefined);
  guardian.unref();
  if (guardian.stdin instanceof Socket) guardian.stdin.unref(); // nor does its pipe keep this process
}
