import type { PodRuntime, ResourceAccess } from "@bookmesh/cluster-api";
import type { Socket } from "node:net";
import type { Clock, Random } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";

/** What an API server needs to start. */
export interface ApiServerOptions {
  /** Where to listen. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM: the serving certificate with its key, and the authority that clients and pods verify it with. */
  readonly tls: { readonly key: string; readonly cert: string; readonly ca: string };
  /** Whoever shows it is the administrator. */
  readonly adminToken: string;
  /** The SQLite file that holds the state; made where it does not exist. */
  readonly databaseFile: string;
  readonly clock: Clock;
  /** For names made from `generateName`, addresses and ports. */
  readonly random: Random;
  readonly logger?: Logger;
  /** Reaches webhooks that are named by URL; absent: as any other address. */
  readonly dial?: (target: { readonly host: string; readonly port: number }) => Promise<Socket>;
}

/** A running API server. */
export interface ApiServer {
  readonly port: number;
  /** The same API without a socket, for the controllers of this process. */
  readonly access: ResourceAccess;
  /** Says who runs pods; until then `logs` and `exec` answer 503. */
  usePodRuntime(runtime: PodRuntime): void;
  /** Ends watches and connections, then closes the database. */
  close(): Promise<void>;
}
