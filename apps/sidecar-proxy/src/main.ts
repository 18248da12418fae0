import { enableCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";

// Before anything is loaded: what a request allocates dies at once, so a small young generation costs no time and
// spares every pod some 12 MB.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--max-semi-space-size=1");
enableCompileCache();
const [command = "proxy", ...words] = process.argv.slice(2);
switch (command) {
  case "proxy": {
    const { runProxy } = await import("./run-proxy.ts");
    await runProxy();
    break;
  }
  case "request": {
    const { runRequest } = await import("./run-request.ts");
    process.exitCode = await runRequest(words);
    break;
  }
  default:
    process.stderr.write(`There is no command ${command}; there are: proxy, request METHOD PATH.\n`);
    process.exitCode = 2;
}
