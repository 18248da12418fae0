import type { Container, Probe } from "@bookmesh/kube-api";
import { PROXY_CONTAINER } from "./injection-policy.ts";
import { sidecarEnvironment, type EnvironmentInputs } from "./sidecar-environment.ts";
import { SIDECAR_MOUNTS } from "./sidecar-volumes.ts";

/** What a sidecar's container depends on. */
export interface SidecarInputs extends EnvironmentInputs {
  readonly imagePullPolicy: string;
}

const HEALTH = { httpGet: { path: "/healthz/ready", port: 15_021, scheme: "HTTP" } } as const;
/** Ten minutes: the sidecar may come up before its control plane. */
const STARTUP_PROBE: Probe = { ...HEALTH, failureThreshold: 600, periodSeconds: 1, timeoutSeconds: 3 };
const READINESS_PROBE: Probe = { ...HEALTH, failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 3 };

const WAIT = { exec: { command: ["sidecar-proxy", "wait"] } } as const;

/** The user whose traffic is not intercepted. */
const PROXY_USER = 1_337;

/** The container `istio-proxy`. */
export function sidecarContainer(inputs: SidecarInputs): Container {
  const { settings, imagePullPolicy } = inputs;
  return {
    name: PROXY_CONTAINER,
    image: settings.proxyImage,
    imagePullPolicy,
    args: ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    env: sidecarEnvironment(inputs),
    ports: [{ name: "http-envoy-prom", containerPort: 15_090, protocol: "TCP" }],
    ...(holdsApplication(inputs) ? { lifecycle: { postStart: WAIT } } : { startupProbe: STARTUP_PROBE }),
    readinessProbe: READINESS_PROBE,
    resources: settings.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: PROXY_USER,
      runAsNonRoot: true,
      runAsUser: PROXY_USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: SIDECAR_MOUNTS,
    ...(settings.isNative && { restartPolicy: "Always" }),
  };
}

/**
 * Whether the application's containers start only when the sidecar is ready: a kubelet starts what follows when the
 * sidecar's hook has ended.
 *
 * A startup probe would say the same of a native sidecar, and hold a classic one's pod back: it is asked once a second,
 * beginning when the kubelet has seen the container run, which takes it up to a second.
 */
export function holdsApplication({ settings }: Pick<SidecarInputs, "settings">): boolean {
  const { isNative, interceptionMode, meshConfig } = settings;
  if (interceptionMode !== "REDIRECT") return false;
  return isNative || meshConfig.defaultConfig.holdApplicationUntilProxyStarts;
}
