import { DEFAULT_INJECTOR_VALUES, readPodSettings } from "@bookmesh/injection";
import type { Container, KubeObject, Pod, PodSpec } from "@bookmesh/kube-api";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { isSystemNamespace } from "../world/injected-namespaces.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import { POD_KINDS, podTemplateOf } from "../world/pod-template.ts";
import type { Surroundings } from "../world/surroundings.ts";

/** The user of the sidecar, whose connections are not redirected. */
const PROXY_USER = 1337;
const PROXY_CONTAINERS = new Set(["istio-proxy", "istio-init"]);

/** Finds what a pod cannot have: annotations of which injection can make nothing, the sidecar's own user. */
export const podSettings = analyzerOf<KubeObject>(POD_KINDS, {
  name: "deployment.PodAnalyzer",
  description: "Checks the values of pods' annotations, and that no application runs as the sidecar's user.",
  codes: ["IST0125", "IST0144"],
  examine: (object, world) => {
    const placed = podTemplateOf(object);
    if (placed === undefined) return [];
    const { template, path } = placed;
    // Where there are no sidecars, nothing is redirected of anybody.
    const users = isSystemNamespace(namespaceOf(object), world) ? [] : userIssues(template.spec, path);
    return [...annotationIssues({ object, template }, path, world), ...users];
  },
});

function annotationIssues(
  {
    object,
    template,
  }: { readonly object: KubeObject; readonly template: Pick<Pod, "spec"> & { metadata?: object } },
  at: string,
  { snapshot }: Surroundings,
): readonly Finding[] {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: object.metadata.name },
    spec: template.spec,
  };
  const settings = readPodSettings(pod, snapshot.meshConfig, DEFAULT_INJECTOR_VALUES);
  if (settings.ok) return [];
  return [
    { code: "IST0125", path: `${at}metadata.annotations`, problem: `cannot be used: ${settings.error}` },
  ];
}

function userIssues(spec: PodSpec, at: string): readonly Finding[] {
  const problem = `is ${PROXY_USER}, the sidecar's: connections of this user are never redirected`;
  const issue = (path: string): Finding => ({
    code: "IST0144",
    path: `${at}spec.${path}securityContext.runAsUser`,
    problem,
  });
  const isOurs = (container: Pick<Container, "securityContext">) =>
    container.securityContext?.["runAsUser"] === PROXY_USER;
  return [
    ...(isOurs(spec) ? [issue("")] : []),
    ...spec.containers.flatMap((container, index) =>
      isOurs(container) && !PROXY_CONTAINERS.has(container.name) ? [issue(`containers[${index}].`)] : [],
    ),
  ];
}
