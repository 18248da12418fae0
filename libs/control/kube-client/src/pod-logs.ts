import { RESOURCES } from "@bookmesh/kube-api";
import type { KubeClient } from "./kube-client.ts";
import { objectPath, withQuery } from "./resource-path.ts";

/** Which lines of which container. */
export interface LogOptions {
  readonly container?: string;
  /** Goes on until the container ends. */
  readonly follow?: boolean;
  /** Only so many of the last lines. */
  readonly tailLines?: number;
  /** Of the container before its last restart. */
  readonly previous?: boolean;
  readonly signal: AbortSignal;
}

/** What a container wrote, in pieces as they arrive. Throws `KubeError` where there is no such pod or container. */
export async function* podLogs(
  client: KubeClient,
  pod: { readonly namespace: string; readonly name: string },
  { container, follow, tailLines, previous, signal }: LogOptions,
): AsyncGenerator<Uint8Array> {
  const path = withQuery(objectPath(RESOURCES.pods, pod, "log"), {
    ...(container !== undefined && { container }),
    ...(follow && { follow: "true" }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
    ...(previous && { previous: "true" }),
  });
  const { body } = await client.request("GET", path, { signal });
  if (body) yield* body;
}
