import { isObject, objectOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { fill, fillAll, fillEach, fillIn } from "./fill.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

/** A container with everything that the API fills in. */
export function containerDefaults(container: JsonObject): JsonObject {
  return fillAll(container, [
    (filled) => fillEach(filled, "ports", (port) => fill(port, { protocol: "TCP" })),
    (filled) => fillEach(filled, "env", variableDefaults),
    (filled) => PROBES.reduce((probed, probe) => fillIn(probed, probe, probeDefaults), filled),
    (filled) => fillIn(filled, "lifecycle", lifecycleDefaults),
    (filled) =>
      fill(filled, {
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: pullPolicy(textOf(filled["image"])),
      }),
  ]);
}

/** A pod's container: what it is limited to is also what it requests, where it does not say otherwise. */
export function requestsFromLimits(container: JsonObject): JsonObject {
  return fillIn(container, "resources", (resources) => {
    const limits = resources["limits"];
    if (!isObject(limits)) return resources;
    return { ...resources, requests: { ...limits, ...objectOf(resources["requests"]) } };
  });
}

/** The version of the API that a `fieldRef` speaks of. */
export function fieldRefDefaults(holder: JsonObject): JsonObject {
  return fillIn(holder, "fieldRef", (reference) => fill(reference, { apiVersion: "v1" }));
}

function variableDefaults(variable: JsonObject): JsonObject {
  return fillIn(variable, "valueFrom", fieldRefDefaults);
}

function probeDefaults(probe: JsonObject): JsonObject {
  const handled = fillIn(fillIn(probe, "httpGet", httpGetDefaults), "grpc", (grpc) =>
    fill(grpc, { service: "" }),
  );
  return fill(handled, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
}

function lifecycleDefaults(lifecycle: JsonObject): JsonObject {
  const hookDefaults = (hook: JsonObject) => fillIn(hook, "httpGet", httpGetDefaults);
  return fillIn(fillIn(lifecycle, "postStart", hookDefaults), "preStop", hookDefaults);
}

function httpGetDefaults(httpGet: JsonObject): JsonObject {
  return fill(httpGet, { path: "/", scheme: "HTTP" });
}

/** An image without a tag, or with `latest`, may change under its name. */
function pullPolicy(image: string): string {
  const name = image.split("/").at(-1) ?? "";
  if (name.includes("@")) return "IfNotPresent";
  const [, tag = "latest"] = name.split(":");
  return tag === "latest" ? "Always" : "IfNotPresent";
}
