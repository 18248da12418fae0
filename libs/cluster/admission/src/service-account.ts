import { forbidden } from "@bookmesh/cluster-api";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { JsonObject } from "@bookmesh/kube-model";
import {
  generateName,
  objectField,
  objectsField,
  textField,
  type AdmissionAttempt,
  type ObjectStore,
} from "@bookmesh/registry";
import type { Random } from "@bookmesh/kernel";

const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME_PREFIX = "kube-api-access-";
/** A kubelet renews the token long before; the seven seconds tell such tokens from others, as in Kubernetes. */
const TOKEN_SECONDS = 3607;

/** Gives a new pod its service account, and each of its containers the account's token. Twice changes nothing. */
export function admitServiceAccount(
  { store, random }: { readonly store: ObjectStore; readonly random: Random },
  { kind, operation, namespace = "" }: AdmissionAttempt,
  pod: KubeObject,
): KubeObject {
  if (kind.group !== "" || kind.plural !== "pods" || operation !== "CREATE") return pod;
  const spec = objectField(pod, "spec") ?? {};
  const name = textField(spec, "serviceAccountName") || "default";
  const account = store.get(RESOURCES.serviceAccounts, { namespace, name });
  if (account === undefined) {
    const missing = `serviceaccount ${JSON.stringify(name)} not found`;
    throw forbidden(
      RESOURCES.pods,
      pod.metadata.name || (pod.metadata.generateName ?? ""),
      `error looking up service account ${namespace}/${name}: ${missing}`,
    );
  }
  const named = { ...spec, serviceAccountName: name, serviceAccount: name };
  const mounts = spec["automountServiceAccountToken"] ?? account["automountServiceAccountToken"] ?? true;
  return { ...pod, spec: mounts === false ? named : withToken(named, random) };
}

function withToken(spec: JsonObject, random: Random): JsonObject {
  const volumes = objectsField(spec, "volumes");
  const present = volumes.find((volume) => textField(volume, "name")?.startsWith(VOLUME_PREFIX));
  const name = (present && textField(present, "name")) ?? generateName(VOLUME_PREFIX, random);
  const mounted = (list: string) => objectsField(spec, list).map((container) => withMount(container, name));
  const lists = ["initContainers", "containers"].filter((list) => spec[list] !== undefined);
  const containers = Object.fromEntries(lists.map((list) => [list, mounted(list)]));
  if (
    !Object.values(containers)
      .flat()
      .some((container) => mountsVolume(container, name))
  )
    return spec;
  return { ...spec, ...containers, volumes: present ? volumes : [...volumes, tokenVolume(name)] };
}

function withMount(container: JsonObject, name: string): JsonObject {
  const mounts = objectsField(container, "volumeMounts");
  if (mounts.some((mount) => mount["mountPath"] === MOUNT_PATH)) return container;
  return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }] };
}

function mountsVolume(container: JsonObject, name: string): boolean {
  return objectsField(container, "volumeMounts").some((mount) => mount["name"] === name);
}

function tokenVolume(name: string): JsonObject {
  const namespaceFile = {
    path: "namespace",
    fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
  };
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [namespaceFile] } },
      ],
      defaultMode: 420,
    },
  };
}
