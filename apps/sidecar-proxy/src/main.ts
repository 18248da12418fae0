import { enableCompileCache } from "node:module";
import { spareMemory } from "./spare-memory.ts";

spareMemory();
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
  case "wait": {
    const { runWait } = await import("./run-wait.ts");
    process.exitCode = await runWait();
    break;
  }
  default:
    process.stderr.write(`There is no command ${command}; there are: proxy, request METHOD PATH, wait.\n`);
    process.exitCode = 2;
}
