import { mkdirSync, writeFileSync } from "node:fs";
import { shellWord } from "@bookmesh/node-host";
import type { PodDirectory } from "../pod-directory.ts";
import { dirname } from "node:path";
import type { Container, Pod } from "@bookmesh/kube-api";
import type { Argv, Enclosure, PodLink } from "../pod-network.ts";
import { GATEWAY, secondAddress } from "./address-plan.ts";
import { proxySourceVariable, userCommand, withProxySource } from "./container-user.ts";
import { containerRootScript } from "./container-root.ts";
import { connectIn, listensIn } from "./namespace-sockets.ts";
import { podNamespace } from "./pod-namespace.ts";
import { API_ADDRESS, DNS_ADDRESS } from "./service-rules.ts";

const API_SERVICE_PORT = "443";
const ANYWHERE = "0.0.0.0";

/** Takes a pod in: makes its network, and starts its containers there. */
export function podLink(pod: Pod, podIp: string, onClose: () => void): PodLink {
  const [, , third, fourth] = podIp.split(".");
  const source = secondAddress(podIp);
  const namespace = podNamespace({
    addresses: [podIp, source],
    gateway: GATEWAY,
    wire: `pod-${third}-${fourth}`,
  });
  namespace.ready.catch(() => undefined); // whoever starts the pod hears of it
  return {
    podIp,
    ready: namespace.ready,
    place: (port) => ({ host: ANYWHERE, port }),
    onMachine: (text) => text,
    isListening: (port) => listensIn(namespace.pid, port),
    connect: (port) => connectIn(namespace.pid, port),
    environment: (container) => ({
      APPLICATION_ADDRESS: ANYWHERE,
      KUBERNETES_SERVICE_HOST: API_ADDRESS,
      KUBERNETES_SERVICE_PORT: API_SERVICE_PORT,
      KUBERNETES_SERVICE_PORT_HTTPS: API_SERVICE_PORT,
      ...proxySourceVariable(container, source),
    }),
    enclose: (container, directory) => {
      writeNames(pod, podIp, directory);
      return enclose(container, directory, { holder: namespace.pid, source, name: pod.metadata.name });
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
  /** What its programs take the machine's name to be. */
  readonly name: string;
}

function enclose(
  container: Container,
  directory: PodDirectory,
  { holder, source, name }: PodPlace,
): Enclosure {
  const rootScript = containerRootScript({
    directory: directory.root(container.name),
    mounts: [
      ...[HOSTS, RESOLVER].map((file) => ({ source: directory.file(file), mountPath: `/${file}` })),
      ...directory.mounts(container),
    ],
    workingDirectory: container.workingDir ?? "/",
  });
  const script = `! command -v hostname >/dev/null || hostname ${shellWord(name)}\n${rootScript}`;
  const asUser = userCommand(container);
  const inNetwork = ["nsenter", `--net=/proc/${holder}/ns/net`] as const;
  return {
    workingDirectory: "/",
    start: (argv) => [
      ...inNetwork,
      "unshare",
      "--uts",
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
      "--uts",
      "--mount",
      "--root",
      "--wd",
      ...asUser,
      ...argv,
    ],
  };
}
