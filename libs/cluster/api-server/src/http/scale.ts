import { badRequest, invalid, methodNotAllowed } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import {
  modifyObject,
  numberField,
  objectField,
  parseMediaType,
  readObject,
  textField,
} from "@bookmesh/registry";
import { isObject, type JsonObject, type ResourceKind } from "@bookmesh/kube-model";
import { applyJsonPatch, applyMergePatch } from "@bookmesh/kube-patch";
import { parseBody, readBody } from "./body.ts";
import { sendObject } from "./exchange.ts";
import { targetOf, type ResourceRequest } from "./resource-request.ts";
import { requestContext } from "./write-query.ts";

/** `…/scale`: how many replicas there are and shall be. Source: Kubernetes API, `autoscaling/v1.Scale`. */
export async function serveScale(request: ResourceRequest): Promise<void> {
  const { exchange, serving, kind } = request;
  const key = targetOf(request);
  const { method } = exchange.request;
  if (method === "GET") {
    sendObject(exchange, 200, scaleOf(kind, readObject(serving.registry, kind, key)));
    return;
  }
  if (method !== "PUT" && method !== "PATCH") throw methodNotAllowed();
  const wanted = wantedScale(
    exchange.request.headers["content-type"] ?? "",
    await readBody(exchange.request),
    method,
  );
  const updated = await modifyObject(serving.registry, {
    kind,
    key,
    context: requestContext(exchange),
    change: (current) => withReplicas(kind, current, wanted(scaleOf(kind, current))),
  });
  sendObject(exchange, 200, scaleOf(kind, updated));
}

function scaleOf(kind: ResourceKind, object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = pathsOf(kind);
  const selector = labelSelectorPath === undefined ? undefined : valueAt(object, labelSelectorPath);
  const replicas = valueAt(object, statusReplicasPath) ?? 0;
  const selectorText = typeof selector === "string" ? selector : selectorOf(selector);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: valueAt(object, specReplicasPath) ?? 0 },
    status: { replicas, ...(selectorText === "" ? {} : { selector: selectorText }) },
  };
}

function wantedScale(contentType: string, text: Buffer, method: string): (current: JsonObject) => JsonObject {
  if (method === "PUT") {
    const value = parseBody(text, contentType, "Scale");
    return () => recordOf(value);
  }
  const { type } = parseMediaType(contentType);
  const patch = parseBody(text, "application/json", "Scale");
  return (current) => {
    const patched =
      type === "application/json-patch+json"
        ? applyJsonPatch(current, patch)
        : applyMergePatch(current, patch);
    if (!patched.ok) throw badRequest(patched.error.message);
    return recordOf(patched.value);
  };
}

function recordOf(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw badRequest("the body must be a Scale");
}

function withReplicas(kind: ResourceKind, current: KubeObject, scale: JsonObject): KubeObject {
  const metadata = objectField(scale, "metadata") ?? {};
  const replicas = numberField(objectField(scale, "spec") ?? {}, "replicas") ?? 0;
  if (replicas < 0 || !Number.isInteger(replicas)) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    const cause = { reason: "FieldValueInvalid", field: "spec.replicas", message };
    throw invalid({ group: "autoscaling", kind: "Scale" }, current.metadata.name, [cause]);
  }
  const resourceVersion = textField(metadata, "resourceVersion") ?? "";
  const changed = setAt(current, stepsOf(pathsOf(kind).specReplicasPath), replicas);
  return { ...current, ...changed, metadata: { ...current.metadata, resourceVersion } };
}

function pathsOf(kind: ResourceKind): NonNullable<ResourceKind["scale"]> {
  const own = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
  return kind.scale ?? { ...own, labelSelectorPath: ".spec.selector" };
}

function stepsOf(path: string): readonly string[] {
  return path.split(".").filter((step) => step !== "");
}

function valueAt(object: unknown, path: string): unknown {
  return stepsOf(path).reduce((value, step) => (isObject(value) ? value[step] : undefined), object);
}

function setAt(object: JsonObject, [step = "", ...rest]: readonly string[], value: unknown): JsonObject {
  return {
    ...object,
    [step]: rest.length === 0 ? value : setAt(objectField(object, step) ?? {}, rest, value),
  };
}

/** A label selector as text, as `kubectl get -l` takes it. */
function selectorOf(selector: unknown): string {
  if (!isObject(selector)) return "";
  const labels = Object.entries(objectField(selector, "matchLabels") ?? {});
  return labels.map(([key, value]) => `${key}=${String(value)}`).join(",");
}
