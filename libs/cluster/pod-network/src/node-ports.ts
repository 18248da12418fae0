import { createServer, type Server, type Socket } from "node:net";
import type { EventRecorder, ObjectCache } from "@bookmesh/reconcile";
import type { Service } from "@bookmesh/kube-api";
import type { Logger } from "@bookmesh/node-host";
import { connectTarget, joinSockets } from "./connect-target.ts";
import type { PodNetwork } from "./pod-network.ts";
import type { ServiceDirectory } from "./service-directory.ts";

/** What the node ports need. */
export interface NodePortOptions {
  readonly services: ObjectCache<Service>;
  readonly directory: ServiceDirectory;
  readonly hostAddress: string;
  readonly network: PodNetwork;
  readonly events: EventRecorder;
  readonly logger: Logger;
}

/** A listener of one node port. */
interface NodePort {
  readonly server: Server;
  readonly clients: Set<Socket>;
  service: Service;
  port: number;
}

/** Connections to one node port at a time. */
const MAX_CONNECTIONS = 4096;

/** Listens on the node ports of all Services on the host address. Returns the function that closes them. */
export function openNodePorts(options: NodePortOptions): () => void {
  const open = new Map<number, NodePort>();
  options.services.onChange(() => {
    const wanted = wantedPorts(options.services.list());
    for (const [number, nodePort] of open) {
      if (wanted.has(number)) continue;
      close(nodePort);
      open.delete(number);
    }
    for (const [number, { service, port }] of wanted) {
      const present = open.get(number);
      if (present) Object.assign(present, { service, port });
      else open.set(number, listen(options, { number, service, port }));
    }
  });
  return () => {
    for (const nodePort of open.values()) close(nodePort);
    open.clear();
  };
}

interface Wanted {
  readonly service: Service;
  readonly port: number;
}

function wantedPorts(services: readonly Service[]): ReadonlyMap<number, Wanted> {
  const wanted = new Map<number, Wanted>();
  for (const service of services) {
    const { type, ports = [] } = service.spec;
    if (type !== "NodePort" && type !== "LoadBalancer") continue;
    for (const { nodePort, port, protocol = "TCP" } of ports)
      if (nodePort !== undefined && protocol === "TCP") wanted.set(nodePort, { service, port });
  }
  return wanted;
}

function listen(
  options: NodePortOptions,
  { number, service, port }: Wanted & { readonly number: number },
): NodePort {
  const { directory, hostAddress } = options;
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    client.on("error", () => client.destroy());
    const call = { port: nodePort.port, caller: client.remoteAddress ?? "" };
    connectTarget(directory.targets(nodePort.service, call)).then(
      (upstream) => joinSockets(client, upstream),
      () => client.resetAndDestroy(), // as on Kubernetes: a Service without endpoints refuses
    );
  });
  const nodePort: NodePort = { server, clients, service, port };
  server.maxConnections = MAX_CONNECTIONS;
  server.on("error", (error) => {
    const message = `Node port ${number} cannot be opened on ${hostAddress}: ${error.message}`;
    options.logger.warn({ service: service.metadata.name, nodePort: number }, message);
    options.events.record({
      object: service,
      type: "Warning",
      reason: "NodePortUnavailable",
      message,
      component: "kube-proxy",
    });
  });
  options.network.listen(server, { host: hostAddress, port: number });
  return nodePort;
}

function close({ server, clients }: NodePort): void {
  server.close();
  for (const client of clients) client.destroy();
}
