import type { Listener } from "@bookmesh/proxy-core";
import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { releaseProgramPages } from "@bookmesh/proxy-node/program-pages";
import { fileAccessLog, serveTraffic } from "@bookmesh/traffic";
import { benchTables } from "./bench-tables.ts";

/** The sidecar's data path alone, with the tables of a middle-sized mesh: `backendPort plainPort logPort logFile`. */
const [backendPort, plainPort, logPort, logFile = "/dev/null"] = process.argv.slice(2);
const { clusters, http } = benchTables({ address: "127.0.0.1", port: Number(backendPort) });

function listener(port: string | undefined, writesAccessLog: boolean): Listener {
  return {
    name: `bench_${port}`,
    address: "127.0.0.1",
    port: Number(port),
    direction: "outbound",
    isForwardProxy: false,
    http: http(writesAccessLog),
  };
}

const traffic = serveTraffic({
  config: snapshotCell({ listeners: [listener(plainPort, false), listener(logPort, true)], clusters }),
  accessLog: fileAccessLog(logFile),
  clock: systemClock,
  random: Math.random,
  applicationAddress: "127.0.0.1",
  podAddress: "127.0.0.1",
});
await traffic.listening();
// As a sidecar does when it has started.
await releaseProgramPages();
