import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connection } from "./connection.ts";
import { proxyIdOf, type ConnectedNode } from "./connected-node.ts";
import type { Logger } from "@bookmesh/node-host";
import type { ProxyResources } from "@bookmesh/translate";

/** What a proxy should have now. */
export interface Target {
  readonly resources: ProxyResources;
  /** When the mesh became so. */
  readonly sinceMs: number;
}

/** Finds the target of a node in the newest snapshot; `undefined` before the first. */
export type TargetOf = (node: ConnectedNode) => Target | undefined;

/** All connected proxies, and the one loop that brings them up to date. */
export interface ConnectedProxies {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  list(): readonly Connection[];
  /** The connection of `pod.namespace`; the newest where a proxy has two. */
  find(proxyId: string): Connection | undefined;
  /** The snapshot changed: gives every proxy its new target, a few at a time. */
  refresh(): void;
}

/** So many proxies are served in one turn of the event loop; requests get their turn between. */
const PROXIES_PER_TURN = 16;

/**
 * An empty directory; `targetOf` is asked whenever a proxy comes or the mesh changes. A proxy for which that fails
 * keeps what it has, and is nobody else's trouble.
 */
export function connectedProxies(targetOf: TargetOf, log: Logger): ConnectedProxies {
  const connections = new Set<Connection>();
  let behind = new Set<Connection>();
  let running = false;

  const retarget = (connection: Connection) => {
    try {
      const target = targetOf(connection.node);
      if (target) connection.retarget(target.resources, target.sinceMs);
    } catch (error) {
      log.error({ err: error, proxy: proxyIdOf(connection.node) }, "A proxy's configuration failed.");
    }
  };
  const catchUp = async () => {
    if (running) return;
    running = true;
    for (let served = 1; behind.size > 0; served += 1) {
      const [connection] = behind;
      if (connection === undefined) break;
      behind.delete(connection);
      retarget(connection);
      if (served % PROXIES_PER_TURN === 0) await nextTurn();
    }
    running = false;
  };
  return {
    add(connection) {
      connections.add(connection);
      retarget(connection);
    },
    remove(connection) {
      connections.delete(connection);
      behind.delete(connection);
    },
    list: () => [...connections],
    find: (proxyId) => [...connections].findLast(({ node }) => proxyIdOf(node) === proxyId),
    refresh() {
      behind = new Set(connections);
      void catchUp();
    },
  };
}
