import type { DrainTimes } from "@bookmesh/traffic";
import { readFileSync } from "node:fs";
import type { JsonObject } from "@bufbuild/protobuf";
import { mountPath } from "@bookmesh/node-host/mounts";
import { readProbers, type Probe, type ProbeTarget } from "./app-probe.ts";
import { readDrainTimes } from "./drain-times.ts";

/** Istio's words: `sidecar` stands beside an application, `router` is a gateway. */
export type ProxyRole = "sidecar" | "router";

/** What the sidecar container is told about its pod: by the injector's environment, and by files. */
export interface PodEnvironment {
  readonly role: ProxyRole;
  readonly podName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The pod's IP. */
  readonly podAddress: string;
  /** Where the pod's application listens. */
  readonly applicationAddress: string;
  /** Where administration and forward proxy listen: reachable for the pod itself. */
  readonly localAddress: string;
  /** Where probes and metrics are served: reachable for the cluster. */
  readonly publicAddress: string;
  /** The address that upstream connections come from; absent where the kernel chooses well. */
  readonly dialFrom: string | undefined;
  readonly discoveryAddress: string;
  readonly tokenFile: string;
  /** Where the last good configuration is kept; absent on the disk where the pod has no such volume. */
  readonly dataDirectory: string;
  readonly rootCertFile: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `ISTIO_META_*`, without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly proxyConfig: JsonObject;
  readonly probers: ReadonlyMap<string, Probe>;
  readonly probeTarget: ProbeTarget;
  readonly drain: DrainTimes;
}

type Environment = Readonly<Record<string, string | undefined>>;

const METADATA_PREFIX = "ISTIO_META_";
const DEFAULT_DISCOVERY_ADDRESS = "istiod.istio-system.svc:15012";

/** Reads the environment; throws, naming the variable, where one cannot be used. */
export function readPodEnvironment(env: Environment, role: ProxyRole = "sidecar"): PodEnvironment {
  const podAddress = env["INSTANCE_IP"] ?? "127.0.0.1";
  const offset = env["APPLICATION_ADDRESS_OFFSET"];
  const hasOffset = offset !== undefined && offset !== "";
  const applicationAddress = hasOffset ? shiftAddress(podAddress, offset) : "127.0.0.1";
  const proxyConfig = readObject(env, "PROXY_CONFIG");
  const discoveryAddress = proxyConfig["discoveryAddress"];
  return {
    role,
    podName: env["POD_NAME"] ?? "unknown",
    namespace: env["POD_NAMESPACE"] ?? "default",
    serviceAccount: env["SERVICE_ACCOUNT"] ?? "default",
    podAddress,
    applicationAddress,
    localAddress: applicationAddress,
    publicAddress: hasOffset ? podAddress : anyAddress(podAddress),
    dialFrom: env["PROXY_SOURCE_ADDRESS"] ?? (hasOffset ? podAddress : undefined),
    discoveryAddress: typeof discoveryAddress === "string" ? discoveryAddress : DEFAULT_DISCOVERY_ADDRESS,
    tokenFile: mountPath("/var/run/secrets/tokens/istio-token", env),
    dataDirectory: mountPath("/var/lib/istio/data", env),
    rootCertFile: mountPath("/var/run/secrets/istio/root-cert.pem", env),
    labels: readLabels(mountPath("/etc/istio/pod/labels", env)),
    metadata: readMetadata(env),
    proxyConfig,
    probeTarget: readProbeTarget(env, { podAddress, applicationAddress }),
    probers: readProbers(env["ISTIO_KUBE_APP_PROBERS"]),
    drain: readDrainTimes(env),
  };
}

/** Where traffic is redirected the application is asked as a kubelet would, from an address that is left alone. */
function readProbeTarget(
  env: Environment,
  { podAddress, applicationAddress }: Pick<PodEnvironment, "podAddress" | "applicationAddress">,
): ProbeTarget {
  if (env["ISTIO_META_INTERCEPTION_MODE"] !== "REDIRECT") return { address: applicationAddress };
  return { address: podAddress, from: podAddress.includes(":") ? "::6" : "127.0.0.6" };
}

/** All addresses of the pod's family. */
function anyAddress(podAddress: string): string {
  return podAddress.includes(":") ? "::" : "0.0.0.0";
}

/** Adds an offset octet by octet: 127.16.0.5 and 0.128.0.0 make 127.144.0.5. */
export function shiftAddress(address: string, offset: string): string {
  const steps = offset.split(".").map(Number);
  const octets = address.split(".").map((octet, index) => Number(octet) + (steps[index] ?? 0));
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)))
    throw new Error(`APPLICATION_ADDRESS_OFFSET ${offset} does not fit INSTANCE_IP ${address}.`);
  return octets.join(".");
}

function readObject(env: Environment, name: string): JsonObject {
  try {
    return JSON.parse(env[name] ?? "{}") as JsonObject; // the injector writes an object or nothing
  } catch (cause) {
    throw new Error(`${name} is not JSON.`, { cause });
  }
}

function readMetadata(env: Environment): Readonly<Record<string, string>> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(METADATA_PREFIX) && value !== undefined
      ? [[name.slice(METADATA_PREFIX.length), value]]
      : [],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The downward API's form, one label a line: `app="rating"`. No file, no labels: the pod has no such volume. */
function readLabels(file: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return {}; // A proxy outside a pod, and a pod without the volume, have no labels to send.
  }
  const entries = [...text.matchAll(/^([^=\n]+)="(.*)"$/gm)].map(([, key = "", value = ""]) => [key, value]);
  return Object.fromEntries(entries) as Record<string, string>;
}
