import type { Container, Pod, Volume } from "@bookmesh/kube-api";

/** Where programs look for their service account. */
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME = "kube-api-access";

/** What Kubernetes' admission grants too: an hour and some seconds, by which such tokens are told from others. */
const EXPIRATION_SECONDS = 3607;

/**
 * The pod with the service account's token, the API's authority and the namespace mounted in every container that has
 * nothing there yet; the pod itself where it wants none or admission has added them.
 */
export function withApiAccess(pod: Pod): Pod {
  const { spec } = pod;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  if (spec.automountServiceAccountToken === false || containers.every(isMounted)) return pod;
  const initContainers = spec.initContainers?.map(withMount);
  return {
    ...pod,
    spec: {
      ...spec,
      volumes: [...(spec.volumes ?? []), apiAccessVolume()],
      containers: spec.containers.map(withMount),
      ...(initContainers === undefined ? {} : { initContainers }),
    },
  };
}

function isMounted({ volumeMounts = [] }: Container): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH);
}

function withMount(container: Container): Container {
  if (isMounted(container)) return container;
  const mount = { name: VOLUME, mountPath: MOUNT_PATH, readOnly: true };
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
}

function apiAccessVolume(): Volume {
  const namespace = { path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } };
  return {
    name: VOLUME,
    projected: {
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: EXPIRATION_SECONDS } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [namespace] } },
      ],
    },
  };
}
