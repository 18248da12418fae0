import { badRequest } from "@bookmesh/cluster-api";
import { at, textOf } from "@bookmesh/kube-model";
import { createWebSocketStream, type WebSocket } from "ws";
import { forwardConnections } from "./forward-connections.ts";
import { runtimeOf, type PodHost, type StreamRequest } from "./pod-target.ts";

/** SPDY's bytes as the messages of a WebSocket. Source: Kubernetes, KEP-4006. */
export const FORWARD_PROTOCOLS: readonly string[] = ["SPDY/3.1+portforward.k8s.io"];

/** Forwards connections to the ports of a pod. */
export function prepareForwarding(
  host: PodHost,
  { pod, object }: StreamRequest,
): (client: WebSocket) => Promise<void> {
  const phase = textOf(at(object, "status", "phase"));
  if (phase !== "Running") {
    throw badRequest(
      `unable to forward port because pod is not running. Current status=${phase || "Unknown"}`,
    );
  }
  runtimeOf(host);
  return async (client) => {
    const target = { name: pod.name, connect: (port: number) => runtimeOf(host).connect({ pod, port }) };
    // The client went away, or does not speak SPDY: in both cases there is nobody to tell.
    await forwardConnections(createWebSocketStream(client), target).catch(() => client.terminate());
  };
}
