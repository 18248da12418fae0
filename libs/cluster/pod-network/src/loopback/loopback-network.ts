import { lstatSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { hasProxy } from "../pod-containers.ts";
import type { PodDirectory } from "../pod-directory.ts";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import type { Container, Pod } from "@bookmesh/kube-api";
import { connectTarget } from "../connect-target.ts";
import { APPLICATION_OFFSET, applicationAddress, podRange, type PodRange } from "../pod-addresses.ts";
import type { Enclosure, NetworkSurroundings, PodLink, PodNetwork } from "../pod-network.ts";
import { openForwardProxy } from "./forward-proxy.ts";
import { resolveHost } from "./resolve-host.ts";

/** Where the runtime's forward proxy of a pod listens, on its application address. */
const FORWARD_PROXY_PORT = 15008;

/** Mode `loopback`: pods are addresses of the loopback interface, names are for forward proxies to know. */
export function loopbackNetwork(surroundings: NetworkSurroundings): PodNetwork {
  const { hostAddress } = surroundings;
  const range = podRange(hostAddress);
  if (range === undefined)
    throw new Error(`The address ${hostAddress} is not usable: take one from 127.0.0.1 to 127.0.0.112.`);
  return forwardedNetwork(surroundings, range);
}

/** A network whose pods have the addresses of `range`, and proxies that forward what they call by name. */
export function forwardedNetwork(surroundings: NetworkSurroundings, range: PodRange): PodNetwork {
  return {
    range,
    node: process.execPath,
    published: { interceptionMode: "NONE", applicationAddressOffset: `0.${APPLICATION_OFFSET}.0.0` },
    attach: (pod, podIp) => podLink(surroundings, pod, podIp),
    listen: (server, { host, port }) => void server.listen(port, host),
    close: () => undefined,
  };
}

function podLink(
  { hostAddress, apiPort, directory, logger }: NetworkSurroundings,
  pod: Pod,
  podIp: string,
): PodLink {
  const namespace = pod.metadata.namespace ?? "";
  const proxyPlace = { address: applicationAddress(podIp), port: FORWARD_PROXY_PORT };
  const close = openForwardProxy({
    ...proxyPlace,
    localAddress: podIp,
    resolve: (host, port) => resolveHost(directory, { podIp, namespace }, { host, port }),
    logger,
  });
  const proxy = `http://${proxyPlace.address}:${proxyPlace.port}`;
  const listenAddress = hasProxy(pod) ? applicationAddress(podIp) : podIp;
  return {
    podIp,
    ready: Promise.resolve(),
    place: (port) => ({ host: listenAddress, port }),
    onMachine: (text) => text,
    isListening: (port) => accepts(listenAddress, port),
    connect: (port) => connectTarget([...new Set([listenAddress, podIp])].map((host) => ({ host, port }))),
    environment: ({ name }, directory) => ({
      APPLICATION_ADDRESS: listenAddress,
      CONTAINER_SANDBOX_MOUNT_POINT: directory.root(name),
      KUBERNETES_SERVICE_HOST: hostAddress,
      KUBERNETES_SERVICE_PORT: String(apiPort),
      KUBERNETES_SERVICE_PORT_HTTPS: String(apiPort),
      NODE_USE_ENV_PROXY: "1",
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      https_proxy: proxy,
      HTTPS_PROXY: proxy,
      no_proxy: hostAddress,
      NO_PROXY: hostAddress,
    }),
    enclose,
    close,
  };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** The mounts are links below the container's directory; its programs are processes like any other. */
function enclose(container: Container, directory: PodDirectory): Enclosure {
  const root = directory.root(container.name);
  mkdirSync(join(root, "tmp"), { recursive: true });
  for (const { mountPath, source } of directory.mounts(container)) mountLink(join(root, mountPath), source);
  const workingDirectory = join(root, container.workingDir ?? "");
  mkdirSync(workingDirectory, { recursive: true });
  return { workingDirectory, start: (argv) => argv, beside: (_pid, argv) => argv };
}

function mountLink(link: string, target: string): void {
  mkdirSync(dirname(link), { recursive: true });
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink()) return;
  if (present) rmSync(link, { recursive: true });
  symlinkSync(target, link);
}
