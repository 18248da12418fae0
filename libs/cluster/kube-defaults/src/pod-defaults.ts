import type { KubeObject } from "@bookmesh/kube-api";
import { isObject, type JsonObject } from "@bookmesh/kube-model";
import { containerDefaults, fieldRefDefaults, requestsFromLimits } from "./container-defaults.ts";
import { fill, fillAll, fillEach, fillIn } from "./fill.ts";

/** 0644, in decimal as JSON needs it. */
const FILE_MODE = 0o644;

/** Pods. */
export function podDefaults(pod: KubeObject): KubeObject {
  const spec = pod["spec"];
  if (!isObject(spec)) return pod;
  const filled = fillAll(spec, [
    podSpecDefaults,
    (pods) => fill(pods, { enableServiceLinks: true }),
    (pods) => fillEach(pods, "initContainers", requestsFromLimits),
    (pods) => fillEach(pods, "containers", requestsFromLimits),
  ]);
  return { ...pod, spec: filled };
}

/** The pod template of a workload. */
export function templateDefaults(template: JsonObject): JsonObject {
  return fill(fillIn(template, "spec", podSpecDefaults), { spec: podSpecDefaults({}) });
}

function podSpecDefaults(spec: JsonObject): JsonObject {
  return fillAll(spec, [
    (filled) => fillEach(filled, "volumes", volumeDefaults),
    (filled) => fillEach(filled, "initContainers", containerDefaults),
    (filled) => fillEach(filled, "containers", containerDefaults),
    serviceAccountAlias,
    (filled) =>
      fill(filled, {
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        dnsPolicy: "ClusterFirst",
        securityContext: {},
        schedulerName: "default-scheduler",
      }),
  ]);
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are always shown. */
function serviceAccountAlias(spec: JsonObject): JsonObject {
  const name = spec["serviceAccountName"] ?? spec["serviceAccount"];
  return name === undefined ? spec : { ...spec, serviceAccountName: name, serviceAccount: name };
}

function volumeDefaults(volume: JsonObject): JsonObject {
  const mode = (source: JsonObject) => fill(source, { defaultMode: FILE_MODE });
  const filled = fillAll(volume, [
    (source) => fillIn(source, "secret", mode),
    (source) => fillIn(source, "configMap", mode),
    (source) => fillIn(source, "downwardAPI", (files) => mode(fillEach(files, "items", fieldRefDefaults))),
    (source) => fillIn(source, "projected", (files) => mode(fillEach(files, "sources", projectionDefaults))),
    (source) => fillIn(source, "hostPath", (path) => fill(path, { type: "" })),
  ]);
  return Object.keys(filled).length > 1 ? filled : { ...filled, emptyDir: {} };
}

function projectionDefaults(source: JsonObject): JsonObject {
  return fillAll(source, [
    (filled) => fillIn(filled, "serviceAccountToken", (token) => fill(token, { expirationSeconds: 3_600 })),
    (filled) => fillIn(filled, "downwardAPI", (files) => fillEach(files, "items", fieldRefDefaults)),
  ]);
}
