import { noSuchResource, type ObjectKey } from "@bookmesh/cluster-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import type { Exchange } from "./exchange.ts";
import type { ResourceRoute } from "./route.ts";
import type { Serving } from "./serving.ts";

/** A request about one resource, with its row. */
export interface ResourceRequest {
  readonly serving: Serving;
  readonly exchange: Exchange;
  readonly route: ResourceRoute;
  readonly kind: ResourceKind;
}

/** The object that the path names. */
export function targetOf({ route: { namespace, name }, kind }: ResourceRequest): ObjectKey {
  if (name === undefined || (kind.namespaced && namespace === undefined)) throw noSuchResource();
  return namespace === undefined ? { name } : { namespace, name };
}
