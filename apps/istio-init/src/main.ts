import { readArguments } from "./arguments.ts";
import { redirect } from "./redirect.ts";

const wanted = readArguments(process.argv.slice(2));
if (wanted.ok) process.exitCode = redirect(wanted.value);
else {
  process.stderr.write(`istio-init: ${wanted.error}\n`);
  process.exitCode = 2;
}
