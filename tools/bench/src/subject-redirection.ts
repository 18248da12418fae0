import type { Listener } from "@bookmesh/proxy-core";
import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { fileAccessLog, serveTraffic } from "@bookmesh/traffic";
import { benchTables } from "./bench-tables.ts";

/**
 * A sidecar in a pod's network, `backendAddress backendPort explicitPort servicePort`: the same routes as a forward
 * proxy on localhost, and by redirection for whoever calls any address at the service's port.
 */
const [address = "", backendPort, explicitPort, servicePort] = process.argv.slice(2);
const OUTBOUND_PORT = 15_001;
/** The user whose connections the rules leave alone. */
const PROXY_UID = 1_337;

const { clusters, http } = benchTables({ address, port: Number(backendPort) });
const common = { direction: "outbound", http: http(false) } as const;
const listeners: readonly Listener[] = [
  { ...common, name: "http_proxy", address: "127.0.0.1", port: Number(explicitPort), isForwardProxy: true },
  {
    name: "virtualOutbound",
    direction: "outbound",
    address: "0.0.0.0",
    port: OUTBOUND_PORT,
    isForwardProxy: false,
    redirection: "allListeners",
  },
  {
    ...common,
    name: `0.0.0.0_${servicePort}`,
    address: "0.0.0.0",
    port: Number(servicePort),
    isForwardProxy: false,
    hasSocket: false,
  },
];
const traffic = serveTraffic({
  config: snapshotCell({ listeners, clusters }),
  accessLog: fileAccessLog("/dev/null"),
  clock: systemClock,
  random: Math.random,
  applicationAddress: "127.0.0.1",
  podAddress: "127.0.0.1",
});
await traffic.listening();
process.setuid?.(PROXY_UID);
process.stdout.write("ready\n");
