import { badRequest, methodNotAllowed, noSuchResource, type ObjectKey } from "@bookmesh/cluster-api";
import { RESOURCES, type Pod, type PodDisruptionBudget } from "@bookmesh/kube-api";
import { isObject } from "@bookmesh/kube-model";
import {
  CONTROLLERS,
  deleteObject,
  keyOf,
  modifyObject,
  objectField,
  readObject,
  textField,
  timestamp,
  type Registry,
  type RequestContext,
} from "@bookmesh/registry";
import { parseBody, readBody } from "../http/body.ts";
import { deleteOptionsOf } from "../http/delete-options.ts";
import { sendObject } from "../http/exchange.ts";
import { targetOf, type ResourceRequest } from "../http/resource-request.ts";
import { requestContext } from "../http/write-query.ts";
import { budgetOf, spendBudget } from "./disruption-budget.ts";

/** `POST …/pods/<name>/eviction`: a deletion that a disruption budget may refuse. Source: Kubernetes, "API-initiated eviction". */
export async function serveEviction(request: ResourceRequest): Promise<void> {
  const { exchange, serving, kind } = request;
  const { registry } = serving;
  const { method, headers } = exchange.request;
  if (method !== "POST") throw methodNotAllowed();
  const key = targetOf(request);
  const body = parseBody(await readBody(exchange.request), headers["content-type"], "Eviction");
  if (!isObject(body) || textField(objectField(body, "metadata") ?? {}, "name") !== key.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  const options = deleteOptionsOf(objectField(body, "deleteOptions") ?? {}, exchange.query);
  const context = requestContext(exchange, options.dryRun);
  // A decoder: the path says that it is a pod.
  const pod = readObject(registry, kind, key) as Pod;
  await takeFromBudget(registry, pod, context);
  await tellPod(registry, { kind, key, context });
  await deleteObject(registry, { kind, key, options, context });
  sendObject(exchange, 201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
}

/** The part that the server itself plays in what its caller asked for. */
function asServer(context: RequestContext): RequestContext {
  return { ...context, caller: CONTROLLERS, fieldManager: "kube-apiserver" };
}

async function takeFromBudget(registry: Registry, pod: Pod, context: RequestContext): Promise<void> {
  const budget = budgetOf(registry.store, pod);
  if (budget === undefined) return;
  const { group, version, plural } = RESOURCES.podDisruptionBudgets;
  const kind = registry.catalog.find(group, version, plural);
  if (kind === undefined) throw noSuchResource();
  const now = timestamp(registry.clock.now());
  await modifyObject(registry, {
    kind,
    key: keyOf(kind, budget),
    subresource: "status",
    context: asServer(context),
    // A decoder, as above: the row of the kind says what it is.
    change: (current) => spendBudget(current as PodDisruptionBudget, { pod: pod.metadata.name, now }),
  });
}

/** A pod that goes says why, as long as it is seen. */
async function tellPod(
  registry: Registry,
  {
    kind,
    key,
    context,
  }: { readonly kind: ResourceRequest["kind"]; readonly key: ObjectKey; readonly context: RequestContext },
): Promise<void> {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
    lastProbeTime: null,
    lastTransitionTime: timestamp(registry.clock.now()),
  };
  await modifyObject(registry, {
    kind,
    key,
    subresource: "status",
    context: asServer(context),
    change(current) {
      const { conditions = [], ...status } = (current as Pod).status ?? {};
      const others = conditions.filter(({ type }) => type !== condition.type);
      return { ...current, status: { ...status, conditions: [condition, ...others] } };
    },
  });
}
