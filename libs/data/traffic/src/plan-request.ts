import type { MessageHead } from "@bookmesh/http1";
import type { Random } from "@bookmesh/kernel";
import {
  PROXY_FAILURES,
  type Cluster,
  type ForwardAction,
  type HttpChain,
  type ProxyFailure,
  type RequestView,
  type ResponseFlag,
  type VirtualHost,
} from "@bookmesh/proxy-core";
import type { LocalReply } from "./local-reply.ts";
import { HeadView } from "./request-view.ts";

/** What is to be done with a request; decided once, when its head is there. */
export type RequestPlan = ForwardPlan | ReplyPlan;

/** To be sent to a cluster. */
export interface ForwardPlan {
  readonly kind: "forward";
  readonly action: ForwardAction;
  readonly cluster: Cluster;
  readonly routeName: string;
  /** Only where the route rewrites. */
  readonly authority: string | undefined;
  readonly path: string | undefined;
}

/** To be answered by the proxy itself. */
export interface ReplyPlan {
  readonly kind: "reply";
  readonly reply: LocalReply;
  /** Absent where the route wants this answer. */
  readonly flag?: ResponseFlag;
  readonly routeName: string;
}

/** Finds the one host of a passthrough cluster: where the connection was going, or the request's authority. */
export type ResolvePassthrough = (cluster: Cluster, authority: string) => Cluster | undefined;

/** An authority as routing takes it, with its virtual host. */
export interface RoutedAuthority {
  readonly authority: string;
  readonly virtualHost: VirtualHost | undefined;
}

/** What planning needs besides the request. */
export interface PlanningPorts {
  readonly random: Random;
  readonly resolve: ResolvePassthrough;
  readonly scheme: "http" | "https";
}

/** Finds the route and draws the cluster. */
export function planRequest(
  head: MessageHead,
  { authority, virtualHost }: RoutedAuthority,
  { random, resolve, scheme }: PlanningPorts,
): RequestPlan {
  if (!virtualHost) return failurePlan("noRoute");
  let view: RequestView | undefined;
  let route = virtualHost.catchAll;
  if (!route) {
    view = new HeadView(head, authority, scheme);
    const request = view;
    route = virtualHost.routes.find((candidate) => candidate.matches(request));
  }
  if (!route) return failurePlan("noRoute");

  const { action, name: routeName } = route;
  switch (action.kind) {
    case "direct":
      return { kind: "reply", reply: { status: action.status, body: action.body }, routeName };
    case "redirect": {
      const location = action.location(view ?? new HeadView(head, authority, scheme));
      return { kind: "reply", reply: { status: action.status, body: "", location }, routeName };
    }
    case "forward": {
      const draw = random();
      const own = action.actionFor?.(draw) ?? action;
      const picked = own.pickCluster(draw);
      if (!picked) return failurePlan("noCluster", routeName);
      const cluster = picked.kind === "passthrough" ? resolve(picked, authority) : picked;
      if (!cluster) return failurePlan("noHealthyHost", routeName);
      const { edits } = own;
      const path = edits?.path(view ?? new HeadView(head, authority, scheme));
      return { kind: "forward", action: own, cluster, routeName, authority: edits?.authority, path };
    }
  }
}

/** TLS begins in the client, inside a CONNECT: sent on as plain HTTP the request would lose what it asked for. */
export const HTTPS_PLAN: RequestPlan = {
  kind: "reply",
  reply: {
    status: 501,
    body: "This proxy opens no TLS of its own: send CONNECT for https, or ask for http.",
  },
  flag: PROXY_FAILURES.downstreamProtocolError.flag,
  routeName: "",
};

/** A failure as an answer. */
export function failurePlan(failure: ProxyFailure, routeName = ""): ReplyPlan {
  const { status, body, flag } = PROXY_FAILURES[failure];
  return { kind: "reply", reply: { status, body }, flag, routeName };
}

/** Remembers the virtual host of the last authority, since most connections name one all their life. */
export class AuthorityMemo {
  #bytes: Uint8Array = new Uint8Array(0);
  #routes: HttpChain["routes"] | undefined;
  #found: RoutedAuthority = { authority: "", virtualHost: undefined };

  /** The authority that `head` names, lower-cased, and its virtual host. */
  route(head: MessageHead, routes: HttpChain["routes"]): RoutedAuthority {
    if (routes === this.#routes && this.#isSame(head)) return this.#found;
    this.#bytes = new Uint8Array(head.authorityTo - head.authorityFrom);
    this.#bytes.set(head.bytes.subarray(head.authorityFrom, head.authorityTo));
    const authority = Buffer.from(this.#bytes).toString("latin1").toLowerCase();
    this.#routes = routes;
    this.#found = { authority, virtualHost: routes.findVirtualHost(authority) };
    return this.#found;
  }

  #isSame({ bytes, authorityFrom, authorityTo }: MessageHead): boolean {
    const known = this.#bytes;
    if (known.length !== authorityTo - authorityFrom) return false;
    for (let index = 0; index < known.length; index++) {
      if (known[index] !== bytes[authorityFrom + index]) return false;
    }
    return true;
  }
}
