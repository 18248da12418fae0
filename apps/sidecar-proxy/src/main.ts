import { enableCompileCache } from "node:module";
import { spareMemory } from "./spare-memory.ts";

const [command = "proxy", ...words] = process.argv.slice(2);
switch (command) {
  case "proxy": {
    const [role = "sidecar"] = words;
    if (role === "sidecar" || role === "router") {
      spareMemory();
      enableCompileCache();
      const { runProxy } = await import("./run-proxy.ts");
      await runProxy(role);
    } else {
      refuse(`A proxy is a sidecar or a router, not ${role}.`);
    }
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
    refuse(`There is no command ${command}; there are: proxy [sidecar|router], request METHOD PATH, wait.`);
}

function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
