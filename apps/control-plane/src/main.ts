import { enableCompileCache } from "node:module";

// Starts in a fraction of the time once the modules were compiled by an earlier start.
enableCompileCache();

const [command = "discovery", ...rest] = process.argv.slice(2);
switch (command) {
  case "discovery": {
    const { discover } = await import("./discover.ts");
    await discover(process.env, rest);
    break;
  }
  case "request": {
    const { request } = await import("./request.ts");
    process.exitCode = await request(process.env, rest);
    break;
  }
  default:
    process.stderr.write(`There is no command "${command}". Known are: discovery, request METHOD PATH.\n`);
    process.exitCode = 2;
}
