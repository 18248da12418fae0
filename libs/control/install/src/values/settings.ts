import { count, cpu, flag, matching, memory, oneOf, type ValueType } from "./value-types.ts";

/** The sets of choices that an installation begins with. */
export const PROFILES = ["demo", "default", "minimal"] as const;

/** One of them. */
export type Profile = (typeof PROFILES)[number];

/** The version that is installed where no tag is set. */
export const DEFAULT_TAG = "0.1.0";

/** One thing that can be chosen. */
export interface Setting<Value = string | number | boolean> {
  /** As `--set` and Istio write it. */
  readonly path: string;
  readonly description: string;
  readonly type: ValueType<Value>;
  readonly default: Value;
  /** Where a profile other than "default" begins with something else. */
  readonly profiles?: Partial<Readonly<Record<Exclude<Profile, "default">, Value>>>;
}

const imageHub = matching(/^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/, "a registry and folder as ghcr.io/bookmesh");
const imageTag = matching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image's tag");
const domain = matching(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a domain as cluster.local");
const duration = matching(/^\d+(\.\d+)?(ms|s|m|h)$/, "a duration as 5s");
const file = matching(/^[A-Za-z0-9._/-]*$/, "a file's path, or empty");

/** Everything that can be chosen. A new choice is a new row here. */
export const SETTINGS = {
  hub: {
    path: "hub",
    description: "Registry and folder of the mesh's images.",
    type: imageHub,
    default: "bookmesh",
  },
  tag: { path: "tag", description: "The images' tag.", type: imageTag, default: DEFAULT_TAG },
  imagePullPolicy: {
    path: "values.global.imagePullPolicy",
    description: "When nodes fetch the mesh's images.",
    type: oneOf("IfNotPresent", "Always", "Never"),
    default: "IfNotPresent",
  },
  replicas: {
    path: "values.pilot.replicaCount",
    description: "How many control planes run.",
    type: count,
    default: 2,
    profiles: { demo: 1 },
  },
  pilotCpu: {
    path: "values.pilot.resources.requests.cpu",
    description: "CPU that is kept for a control plane.",
    type: cpu,
    default: "100m",
    profiles: { demo: "10m" },
  },
  pilotMemory: {
    path: "values.pilot.resources.requests.memory",
    description: "Memory that is kept for a control plane.",
    type: memory,
    default: "256Mi",
    profiles: { demo: "100Mi" },
  },
  nativeSidecars: {
    path: "values.pilot.env.ENABLE_NATIVE_SIDECARS",
    description: "Sidecars are init containers that stay, which Kubernetes starts first and ends last.",
    type: flag,
    default: true,
    profiles: { demo: false, minimal: false },
  },
  disruptionBudget: {
    path: "values.global.defaultPodDisruptionBudget.enabled",
    description: "Whoever empties a node leaves one control plane running, and one of each gateway.",
    type: flag,
    default: true,
    profiles: { demo: false },
  },
  networkPolicies: {
    path: "values.global.networkPolicy.enabled",
    description: "The network lets through only what the mesh's own pods serve.",
    type: flag,
    default: false,
  },
  serviceMonitors: {
    path: "values.global.serviceMonitor.enabled",
    description: "A Prometheus operator collects the control plane's metrics.",
    type: flag,
    default: false,
  },
  ingressGateway: {
    path: "components.ingressGateways[0].enabled",
    description: "A gateway stands where calls enter the mesh.",
    type: flag,
    default: true,
    profiles: { minimal: false },
  },
  ingressType: {
    path: "values.gateways.istio-ingressgateway.type",
    description: "How the ingress gateway is reached from outside.",
    type: oneOf("LoadBalancer", "NodePort", "ClusterIP"),
    default: "LoadBalancer",
  },
  ingressReplicas: {
    path: "values.gateways.istio-ingressgateway.replicaCount",
    description: "How many ingress gateways run.",
    type: count,
    default: 2,
    profiles: { demo: 1 },
  },
  egressGateway: {
    path: "components.egressGateways[0].enabled",
    description: "A gateway stands where calls leave the mesh.",
    type: flag,
    default: false,
    profiles: { demo: true },
  },
  egressReplicas: {
    path: "values.gateways.istio-egressgateway.replicaCount",
    description: "How many egress gateways run.",
    type: count,
    default: 2,
    profiles: { demo: 1 },
  },
  proxyCpu: {
    path: "values.global.proxy.resources.requests.cpu",
    description: "CPU that is kept for a sidecar or a gateway.",
    type: cpu,
    default: "100m",
    profiles: { demo: "10m" },
  },
  proxyMemory: {
    path: "values.global.proxy.resources.requests.memory",
    description: "Memory that is kept for a sidecar or a gateway.",
    type: memory,
    default: "128Mi",
    profiles: { demo: "64Mi" },
  },
  proxyCpuLimit: {
    path: "values.global.proxy.resources.limits.cpu",
    description: "CPU that a sidecar or a gateway may take.",
    type: cpu,
    default: "2",
  },
  proxyMemoryLimit: {
    path: "values.global.proxy.resources.limits.memory",
    description: "Memory that a sidecar or a gateway may take.",
    type: memory,
    default: "1Gi",
  },
  articleImages: {
    path: "values.sidecarInjectorWebhook.articleImages",
    description: "In injected pods our images run under the names that the article's images had.",
    type: flag,
    default: false,
    profiles: { demo: true },
  },
  accessLogFile: {
    path: "meshConfig.accessLogFile",
    description: "Where sidecars write their access log; empty: nowhere.",
    type: file,
    default: "",
    profiles: { demo: "/dev/stdout" },
  },
  defaultLoadBalancer: {
    path: "meshConfig.defaultLoadBalancer",
    description: "How hosts are chosen where no rule says it.",
    type: oneOf("ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"),
    default: "LEAST_REQUEST",
    profiles: { demo: "ROUND_ROBIN" },
  },
  outboundTraffic: {
    path: "meshConfig.outboundTrafficPolicy.mode",
    description: "What happens to calls of hosts that the mesh does not know.",
    type: oneOf("ALLOW_ANY", "REGISTRY_ONLY"),
    default: "ALLOW_ANY",
  },
  trustDomain: {
    path: "meshConfig.trustDomain",
    description: "The root of all identities.",
    type: domain,
    default: "cluster.local",
  },
  holdApplication: {
    path: "meshConfig.defaultConfig.holdApplicationUntilProxyStarts",
    description: "An application starts once its sidecar is ready.",
    type: flag,
    default: true,
  },
  drainDuration: {
    path: "meshConfig.defaultConfig.terminationDrainDuration",
    description: "How long a sidecar that ends serves what is under way.",
    type: duration,
    default: "5s",
  },
} as const satisfies Readonly<Record<string, Setting<string> | Setting<number> | Setting<boolean>>>;

/** The name of a setting in our own programs. */
export type SettingName = keyof typeof SETTINGS;

/** What is chosen for each of them. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name]["type"] extends ValueType<infer Value>
    ? Value
    : never;
};

/** The names of all settings. */
export const SETTING_NAMES = Object.keys(SETTINGS).filter((name): name is SettingName =>
  Object.hasOwn(SETTINGS, name),
);

/** Those of the settings that say yes or no. */
export const FLAG_NAMES = SETTING_NAMES.filter((name) => typeof SETTINGS[name].default === "boolean");

/** What every setting is where only the profile was chosen. */
export function profileValues(profile: Profile): SettingValues {
  const entries = SETTING_NAMES.map((name) => [name, settingIn(SETTINGS[name], profile)] as const);
  return Object.fromEntries(entries) as SettingValues; // each value is of its own row's type
}

/** Where the chart holds a setting: Istio's own charts begin at what follows `values.`. */
export function chartPath(path: string): string {
  if (path === "hub" || path === "tag") return `global.${path}`;
  const [, gateways] = GATEWAY_COMPONENT.exec(path) ?? [];
  if (gateways !== undefined) return `gateways.istio-${gateways}gateway.enabled`;
  return path.replace(/^values\./, "");
}

/** A chart has no lists of components. */
const GATEWAY_COMPONENT = /^components\.(ingress|egress)Gateways\[0\]\.enabled$/;

function settingIn(setting: Setting, profile: Profile): string | number | boolean {
  return (profile === "default" ? undefined : setting.profiles?.[profile]) ?? setting.default;
}
