import type { Duplex, Readable, Writable } from "node:stream";
import type { ObjectKey } from "./resource-access.ts";

/** What the API server asks of whoever runs pods: the kubelet's part of `logs` and `exec`. */
export interface PodRuntime {
  /** The log of a container as text lines. Throws `ApiError` (BadRequest) where there is no such container. */
  logs(request: {
    readonly pod: ObjectKey;
    readonly container: string;
    readonly follow: boolean;
    readonly previous: boolean;
    readonly timestamps: boolean;
    readonly tailLines?: number;
    readonly sinceSeconds?: number;
    readonly limitBytes?: number;
    readonly signal: AbortSignal;
  }): Promise<Readable>;
  /** Runs a command beside a container, with its environment and mounts. */
  exec(request: {
    readonly pod: ObjectKey;
    readonly container: string;
    readonly command: readonly string[];
    readonly stdin?: Readable;
    readonly stdout: Writable;
    readonly stderr: Writable;
    readonly tty: boolean;
    readonly signal: AbortSignal;
  }): Promise<{ readonly exitCode: number }>;
  /** Connects to a port of a pod as `localhost` means it there. Rejects with the reason where nobody listens. */
  connect(request: { readonly pod: ObjectKey; readonly port: number }): Promise<Duplex>;
}
