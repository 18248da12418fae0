import { runCommand } from "./run-command.ts";

const controller = new AbortController();
process.once("SIGINT", () => {
  controller.abort(new Error("Stopped by SIGINT"));
  process.exitCode = 130;
});
// A pipe whose reader has gone (`bookmesh get pods | head -1`) is the end, not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const exitCode = await runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: controller.signal,
});
process.exitCode ??= exitCode;
