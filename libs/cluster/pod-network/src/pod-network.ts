import type { Server, Socket } from "node:net";
import type { ObjectCache } from "@bookmesh/reconcile";
import type { PodDirectory } from "./pod-directory.ts";
import type { Container, EndpointSlice, Pod, Service } from "@bookmesh/kube-api";
import type { Logger } from "@bookmesh/node-host";
import type { PodRange } from "./pod-addresses.ts";
import type { ServiceDirectory } from "./service-directory.ts";
import type { Target } from "./target.ts";

/** What a pod network reads of the cluster that it belongs to. */
export interface NetworkSurroundings {
  /** The loopback address of the API and of node ports. */
  readonly hostAddress: string;
  readonly apiPort: number;
  readonly services: ObjectCache<Service>;
  readonly slices: ObjectCache<EndpointSlice>;
  readonly directory: ServiceDirectory;
  readonly logger: Logger;
}

/** Opens the pod network of a cluster, in one of its modes. Throws a sentence where this machine cannot have it. */
export type OpenPodNetwork = (surroundings: NetworkSurroundings) => Promise<PodNetwork> | PodNetwork;

/** The network of a cluster's pods. What this process connects to, it reaches as the node does. */
export interface PodNetwork {
  readonly range: PodRange;
  /** The Node that runs the pods' programs. */
  readonly node: string;
  /** What ConfigMap `kube-public/pod-network` tells the mesh's installer. */
  readonly published: Readonly<Record<string, string>>;
  /** Takes a pod in. */
  attach(pod: Pod, podIp: string): PodLink;
  /** Lets `server` listen where the machine's users reach it; problems are the server's events. */
  listen(server: Server, place: Target): void;
  close(): void;
}

/** One pod's place on the network. */
export interface PodLink {
  readonly podIp: string;
  /** Resolves when the pod's programs can be started. Rejects with a sentence. */
  readonly ready: Promise<void>;
  /** Where the pod's programs are told to listen for what is sent to their `port`. */
  readonly place: (port: number) => Target;
  /** What the pod's programs are told, with pods' places in it as they are on this machine. */
  readonly onMachine: (text: string) => string;
  /** Says whether a program of the pod listens on `port`; what a sidecar accepts for it does not count. */
  readonly isListening: (port: number) => Promise<boolean>;
  /** Connects to `port` as `localhost` means it in the pod. */
  connect(port: number): Promise<Socket>;
  /** What the container's programs are told about it. */
  environment(container: Container, directory: PodDirectory): Readonly<Record<string, string>>;
  /** Puts the container's mounts in their places, and says how its program is started so that it sees them. */
  enclose(container: Container, directory: PodDirectory): Enclosure;
  close(): void;
}

/** A command with its arguments. */
export type Argv = readonly [string, ...string[]];

/** How a container's programs are started. */
export interface Enclosure {
  /** Where the command that starts them runs. */
  readonly workingDirectory: string;
  /** The command that starts the container's own program. */
  start(argv: Argv): Argv;
  /** The command that starts another one beside it; `pid` is the container's. */
  beside(pid: number, argv: Argv): Argv;
}
