import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { connectTarget, joinSockets } from "../connect-target.ts";
import type { NetworkSurroundings, OpenPodNetwork } from "../pod-network.ts";
import { GATEWAY, PODS, RANGE } from "./address-plan.ts";
import type { NamedObjects } from "./cluster-names.ts";
import { startDns } from "./dns-server.ts";
import type { HostDoor } from "./host-door.ts";
import { podLink } from "./netns-pod-link.ts";
import { originalTarget } from "./original-target.ts";
import { systemPath } from "./pod-namespace.ts";
import { rulesWriter, type RulesWriter } from "./rules-writer.ts";
import { servedPorts, serviceRules, withoutAffinity } from "./service-rules.ts";

const DNS_PORT = 53;
const EXIT_PORT = 15_999;

/** Mode `netns`: a network of the cluster's own, in which this process must live already, and one in it for each pod. */
export function netnsNetwork(door: HostDoor): OpenPodNetwork {
  return async (surroundings) => {
    prepareNamespace();
    const { podIps, rules } = followServices(surroundings);
    const closeServers = await openServers(surroundings, door);
    return {
      range: RANGE,
      node: process.execPath,
      published: { interceptionMode: "REDIRECT" },
      attach(pod, podIp) {
        podIps.add(podIp);
        rules.touch();
        return podLink(pod, podIp, () => podIps.delete(podIp));
      },
      listen(server, place) {
        door.listen(server, place).catch((error: unknown) => server.emit("error", error));
      },
      close: closeServers,
    };
  };
}

/** Keeps the rules as Services, their endpoints and the pods are. */
function followServices({ apiPort, services, slices, directory, logger }: NetworkSurroundings): {
  readonly podIps: Set<string>;
  readonly rules: RulesWriter;
} {
  const podIps = new Set<string>();
  const places = { gateway: GATEWAY, pods: PODS, apiPort, dnsPort: DNS_PORT, exitPort: EXIT_PORT };
  const rules = rulesWriter(() => {
    const ports = services
      .list()
      .flatMap((service) => servedPorts(service, (port) => directory.targets(service, { port })));
    const textOf = (each: typeof ports) => serviceRules(places, each, [...podIps]);
    // A kernel that cannot remember callers serves Services all the same.
    const hasAffinity = ports.some(({ affinitySeconds }) => affinitySeconds !== undefined);
    return hasAffinity ? [textOf(ports), textOf(ports.map(withoutAffinity))] : [textOf(ports)];
  }, logger);
  for (const cache of [services, slices]) cache.onChange(() => rules.touch());
  return { podIps, rules };
}

/** The API for the machine and for pods, the way out, and DNS. Returns the function that closes them. */
async function openServers(
  { hostAddress, apiPort, slices, directory }: NetworkSurroundings,
  door: HostDoor,
): Promise<() => void> {
  const api = { host: hostAddress, port: apiPort };
  const toApi = () => relay(() => connectTarget([api]));
  const [fromMachine, fromPods, outward] = [toApi(), toApi(), exit(door)];
  await door.listen(fromMachine, api);
  fromPods.listen(apiPort, GATEWAY);
  outward.listen(EXIT_PORT, GATEWAY);
  const objects: NamedObjects = {
    service: (...name) => directory.service(...name),
    slices: (namespace) => slices.list(namespace),
  };
  const stopDns = await startDns({ address: GATEWAY, port: DNS_PORT, objects, door });
  return () => {
    stopDns();
    for (const server of [fromMachine, fromPods, outward]) server.close();
  };
}

function prepareNamespace(): void {
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  for (const words of [
    ["link", "set", "lo", "up"],
    ["address", "replace", `${GATEWAY}/32`, "dev", "lo"],
  ])
    execFileSync("ip", words, { env: { ...process.env, PATH: systemPath() } });
}

/** A server that joins each connection with another one. */
function relay(connect: (client: Socket) => Promise<Socket>): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => client.destroy());
    connect(client).then(
      (upstream) => joinSockets(client, upstream),
      () => client.resetAndDestroy(),
    );
  });
}

/** Where connections to addresses outside the cluster leave it. Other protocols have no way out. */
function exit(door: HostDoor): Server {
  return relay(async (client) => {
    const target = originalTarget(client);
    if (target === undefined || target.host === GATEWAY) throw new Error("This is no place to connect to.");
    return door.dial(target);
  });
}
