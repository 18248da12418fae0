import { Host, type Cluster, type ForwardAction } from "@bookmesh/proxy-core";
import {
  freePort,
  httpListener,
  rawClient,
  routeTo,
  startTraffic,
  type Cleanup,
  type RawClient,
  type TestTraffic,
} from "./traffic-fixture.ts";
import type { ClusterStats } from "./traffic-stats.ts";

/** A request, one with a body, and answers to them. */
export const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
export const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
export const BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

/** A host of this machine. */
export function hostOn(port: number): Host {
  return new Host("127.0.0.1", port, 1);
}

/** The data path with one listener, whose every request goes to this cluster, and a client of it. */
export interface Proxied extends TestTraffic {
  readonly client: RawClient;
  readonly port: number;
}

/** Starts that. */
export async function proxyTo(
  cleanup: Cleanup,
  cluster: Cluster | undefined,
  action: Partial<ForwardAction> = {},
): Promise<Proxied> {
  const port = await freePort();
  const started = await startTraffic(cleanup, [httpListener(port, routeTo(cluster, action))]);
  return { ...started, port, client: await rawClient(cleanup, port) };
}

/** The load of its cluster. */
export function loadOf({ traffic }: TestTraffic): ClusterStats | undefined {
  const [load] = traffic.stats.clusters();
  return load;
}
