import { parse } from "yaml";
import { describeIssues, err, ok, type Result, messageOf } from "@bookmesh/kernel";
import type { Container, Pod } from "@bookmesh/kube-api";
import { meshConfigSchema, type MeshConfig } from "@bookmesh/mesh-api";
import { asksForGateway, PROXY_CONTAINER, TEMPLATES_ANNOTATION } from "./injection-policy.ts";
import type { InjectorValues } from "./injector-values.ts";
import { readRedirection, type Redirection } from "./redirection.ts";
import { workloadOf } from "./workload.ts";

/** What holds for one pod: the installation's settings, changed by the pod's annotations. */
export interface PodSettings {
  /** With the pod's own `proxy.istio.io/config` in its `defaultConfig`. */
  readonly meshConfig: MeshConfig;
  readonly interceptionMode: "REDIRECT" | "NONE";
  /** Which connections are redirected, in mode REDIRECT. */
  readonly redirection: Redirection;
  readonly proxyImage: string;
  readonly resources: NonNullable<Container["resources"]>;
  /** As an init container that stays, rather than beside the application's containers. */
  readonly isNative: boolean;
  /** Whether the application's probes go through the sidecar. */
  readonly rewritesProbes: boolean;
  /** Whether the sidecar hands out the application's metrics together with its own. */
  readonly mergesMetrics: boolean;
}

const PROXY_CONFIG = "proxy.istio.io/config";
const MODE = "sidecar.istio.io/interceptionMode";
const QUANTITY = /^(\d+(\.\d*)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
/** YAML aliases beyond this many are an attack, not a configuration. */
const MAX_ALIASES = 20;

/** Reads a pod's annotations over what the installation says; a failure names every annotation that cannot be used. */
export function readPodSettings(
  pod: Pod,
  meshConfig: MeshConfig,
  values: InjectorValues,
): Result<PodSettings, string> {
  const annotations = pod.metadata.annotations ?? {};
  const problems: string[] = [];
  const take = <Value>(outcome: Result<Value, string>, otherwise: Value): Value => {
    if (outcome.ok) return outcome.value;
    problems.push(outcome.error);
    return otherwise;
  };
  take(readTemplates(pod), undefined);
  const own = take(readProxyConfig(annotations[PROXY_CONFIG], meshConfig), meshConfig);
  const settings: PodSettings = {
    meshConfig: own,
    interceptionMode: take(readMode(annotations[MODE], own), "REDIRECT"),
    redirection: take(readRedirection(annotations), {}),
    proxyImage: annotations["sidecar.istio.io/proxyImage"] ?? values.images.proxy,
    resources: take(readResources(annotations, values.resources), {}),
    isNative: isNative(pod, values),
    rewritesProbes: annotations["sidecar.istio.io/rewriteAppHTTPProbers"] !== "false",
    mergesMetrics: annotations["prometheus.istio.io/merge-metrics"] !== "false",
  };
  return problems.length === 0 ? ok(settings) : err(problems.join(" "));
}

/** A Job is over when its containers are: only a native sidecar ends by itself then. */
function isNative(pod: Pod, { nativeSidecars }: InjectorValues): boolean {
  const asked = pod.metadata.annotations?.["sidecar.istio.io/nativeSidecar"];
  if (asked === "true" || asked === "false") return asked === "true";
  return nativeSidecars || ["Job", "CronJob"].includes(workloadOf(pod).kind);
}

function readTemplates(pod: Pod): Result<undefined, string> {
  if (asksForGateway(pod)) {
    if (pod.spec.containers.some(({ name }) => name === PROXY_CONTAINER)) return ok(undefined);
    return err(
      `Annotation ${TEMPLATES_ANNOTATION} asks for a gateway, but the pod has no container "${PROXY_CONTAINER}".`,
    );
  }
  const text = pod.metadata.annotations?.[TEMPLATES_ANNOTATION] ?? "sidecar";
  const unknown = text.split(",").find((name) => name.trim() !== "sidecar");
  if (unknown === undefined) return ok(undefined);
  const known = `the only templates are "sidecar" and, alone, "gateway"`;
  return err(`Annotation ${TEMPLATES_ANNOTATION} names "${unknown.trim()}", but ${known}.`);
}

function readMode(
  asked: string | undefined,
  { defaultConfig }: MeshConfig,
): Result<"REDIRECT" | "NONE", string> {
  const mode = asked ?? defaultConfig.interceptionMode;
  if (mode === "REDIRECT" || mode === "NONE") return ok(mode);
  const place = asked === undefined ? "The mesh configuration's interceptionMode" : `Annotation ${MODE}`;
  return err(`${place} is "${mode}", but only REDIRECT and NONE are supported.`);
}

function readProxyConfig(text: string | undefined, meshConfig: MeshConfig): Result<MeshConfig, string> {
  if (text === undefined) return ok(meshConfig);
  let own: unknown;
  try {
    own = parse(text, { maxAliasCount: MAX_ALIASES, merge: false }) ?? {};
  } catch (error) {
    return err(`Annotation ${PROXY_CONFIG} is not YAML: ${messageOf(error)}.`);
  }
  if (!isRecord(own)) return err(`Annotation ${PROXY_CONFIG} is no YAML object.`);
  const { proxyMetadata } = meshConfig.defaultConfig;
  const metadata = isRecord(own["proxyMetadata"])
    ? { ...proxyMetadata, ...own["proxyMetadata"] }
    : proxyMetadata;
  const defaultConfig = { ...meshConfig.defaultConfig, ...own, proxyMetadata: metadata };
  const read = meshConfigSchema.safeParse({ ...meshConfig, defaultConfig });
  if (read.success) return ok(read.data);
  const issues = read.error.issues.map(({ path, message }) => ({
    path: path.slice(1).join("."),
    problem: message,
  }));
  return err(`Annotation ${PROXY_CONFIG}: ${describeIssues(issues)}.`);
}

/** Where a pod says anything of its sidecar's resources, nothing but its words counts, as in Istio. */
function readResources(
  annotations: Readonly<Record<string, string>>,
  otherwise: PodSettings["resources"],
): Result<NonNullable<Container["resources"]>, string> {
  const problems: string[] = [];
  const quantities = (cpuKey: string, memoryKey: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [["cpu", cpuKey] as const, ["memory", memoryKey] as const].flatMap(([resource, key]) => {
        const quantity = annotations[`sidecar.istio.io/${key}`];
        if (quantity === undefined) return [];
        if (!QUANTITY.test(quantity))
          problems.push(
            `Annotation sidecar.istio.io/${key} is "${quantity}", which is no quantity such as 100m or 128Mi.`,
          );
        return [[resource, quantity]];
      }),
    );
  const limits = quantities("proxyCPULimit", "proxyMemoryLimit");
  const requests = quantities("proxyCPU", "proxyMemory");
  if (problems.length > 0) return err(problems.join(" "));
  const own = {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
  };
  return ok(Object.keys(own).length > 0 ? own : otherwise);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
