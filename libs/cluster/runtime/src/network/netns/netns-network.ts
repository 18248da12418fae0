import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Container, Pod } from "@bookmesh/kube-api";
import type { PodDirectory } from "../../kubelet/pod-directory.ts";
import { connectTarget, joinSockets } from "../connect-target.ts";
import type { PodRange } from "../pod-addresses.ts";
import type { Argv, Enclosure, NetworkSurroundings, OpenPodNetwork, PodLink } from "../pod-network.ts";
import { proxySourceVariable, userCommand, withProxySource } from "./container-user.ts";
import { containerRootScript } from "./container-root.ts";
import type { NamedObjects } from "./cluster-names.ts";
import { startDns } from "./dns-server.ts";
import type { HostDoor } from "./host-door.ts";
import { originalTarget } from "./original-target.ts";
import { connectIn, listensIn } from "./namespace-sockets.ts";
import { podNamespace, systemPath } from "./pod-namespace.ts";
import { rulesWriter, type RulesWriter } from "./rules-writer.ts";
import { API_ADDRESS, DNS_ADDRESS, servedPorts, serviceRules } from "./service-rules.ts";

const RANGE: PodRange = { first: 10, second: 244 };
/** Pods have two addresses: their IP, and one more that a sidecar may use, with one more in its second octet. */
const PODS = `${RANGE.first}.${RANGE.second}.0.0/15`;
/** This process, as the pods see it. */
const GATEWAY = `${RANGE.first}.${RANGE.second}.0.1`;
const API_SERVICE_PORT = "443";
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
      .flatMap((service) => servedPorts(service, (port) => directory.targets(service, port)));
    return serviceRules(places, ports, [...podIps]);
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

function podLink(pod: Pod, podIp: string, onClose: () => void): PodLink {
  const [, , third, fourth] = podIp.split(".");
  const source = [RANGE.first, RANGE.second + 1, third, fourth].join(".");
  const namespace = podNamespace({
    addresses: [podIp, source],
    gateway: GATEWAY,
    wire: `pod-${third}-${fourth}`,
  });
  namespace.ready.catch(() => undefined); // whoever starts the pod hears of it
  return {
    podIp,
    ready: namespace.ready,
    listenAddress: "0.0.0.0",
    isListening: (port) => listensIn(namespace.pid, port),
    connect: (port) => connectIn(namespace.pid, port),
    environment: (container) => ({
      APPLICATION_ADDRESS: "0.0.0.0",
      KUBERNETES_SERVICE_HOST: API_ADDRESS,
      KUBERNETES_SERVICE_PORT: API_SERVICE_PORT,
      KUBERNETES_SERVICE_PORT_HTTPS: API_SERVICE_PORT,
      ...proxySourceVariable(container, source),
    }),
    enclose: (container, directory) => {
      writeNames(pod, podIp, directory);
      return enclose(container, directory, { holder: namespace.pid, source });
    },
    close() {
      namespace.close();
      onClose();
    },
  };
}

const HOSTS = "etc/hosts";
const RESOLVER = "etc/resolv.conf";

function writeNames({ metadata }: Pod, podIp: string, directory: PodDirectory): void {
  mkdirSync(dirname(directory.file(HOSTS)), { recursive: true });
  writeFileSync(directory.file(HOSTS), `127.0.0.1\tlocalhost\n${podIp}\t${metadata.name}\n`);
  const domains = [`${metadata.namespace ?? "default"}.svc`, "svc", ""].map((first) =>
    first === "" ? "cluster.local" : `${first}.cluster.local`,
  );
  writeFileSync(
    directory.file(RESOLVER),
    `search ${domains.join(" ")}\nnameserver ${DNS_ADDRESS}\noptions ndots:5\n`,
  );
}

interface PodPlace {
  /** The process that holds the pod's network. */
  readonly holder: number;
  /** Its second address. */
  readonly source: string;
}

function enclose(container: Container, directory: PodDirectory, { holder, source }: PodPlace): Enclosure {
  const script = containerRootScript({
    directory: directory.root(container.name),
    mounts: [
      ...[HOSTS, RESOLVER].map((name) => ({ source: directory.file(name), mountPath: `/${name}` })),
      ...directory.mounts(container),
    ],
    workingDirectory: container.workingDir ?? "/",
  });
  const asUser = userCommand(container);
  const inNetwork = ["nsenter", `--net=/proc/${holder}/ns/net`] as const;
  return {
    workingDirectory: "/",
    start: (argv) => [
      ...inNetwork,
      "unshare",
      "--mount",
      "/bin/sh",
      "-c",
      script,
      "sh",
      ...asUser,
      ...withProxySource(container, argv, source),
    ],
    beside: (pid, argv): Argv => [
      ...inNetwork,
      "--target",
      String(pid),
      "--mount",
      "--root",
      "--wd",
      ...asUser,
      ...argv,
    ],
  };
}
