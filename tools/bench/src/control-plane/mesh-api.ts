import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startApiServer } from "@bookmesh/api-server";
import { createRoot, issueServerCertificate } from "@bookmesh/identity";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { customResourceDefinitions } from "@bookmesh/mesh-api";
import { systemClock } from "@bookmesh/node-host";
import { ruledMesh } from "./ruled-mesh.ts";

/** A Kubernetes API that holds a mesh, and nobody but control planes to read it. */
export interface MeshApi {
  readonly address: string;
  readonly port: number;
  /** For programs outside of the cluster. */
  readonly kubeconfig: string;
  /** The root of a container's mounts: a service account lies in it. */
  readonly mounts: string;
  /** Replaces an object: the moment of a change. */
  replace(resource: ResourceRef, object: KubeObject): Promise<void>;
  close(): Promise<void>;
}

const ADDRESS = "127.0.0.1";
const TOKEN = "the-benchmark";
const LIFETIME_MS = 24 * 3_600_000;

/** Starts an API server whose state and credentials lie in `folder`, and writes the mesh into it. */
export async function meshApi(folder: string, services: number): Promise<MeshApi> {
  mkdirSync(folder, { recursive: true });
  const root = await createRoot({ commonName: "bench", lifetimeMs: LIFETIME_MS, clock: systemClock });
  const names = { dnsNames: ["kubernetes"], ipAddresses: [ADDRESS] };
  const serving = await issueServerCertificate(root, {
    ...names,
    lifetimeMs: LIFETIME_MS,
    clock: systemClock,
  });
  const server = await startApiServer({
    address: ADDRESS,
    port: 0,
    tls: { key: serving.keyPem, cert: serving.certPem, ca: root.certPem },
    adminToken: TOKEN,
    databaseFile: join(folder, "state.sqlite"),
    clock: systemClock,
    random: Math.random,
  });
  const { access, port } = server;
  for (const definition of [...customResourceDefinitions(), ...UNSERVED.map(definitionOf)])
    await access.create(RESOURCES.customResourceDefinitions, definition);
  for (const { resource, object } of ruledMesh(services)) {
    await access.create(resource, object);
    if (resource === RESOURCES.pods) await access.updateStatus(resource, object);
  }
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(`https://${ADDRESS}:${port}`, root.certPem));
  return {
    ...{ address: ADDRESS, port, kubeconfig, mounts: mountsIn(folder, root.certPem) },
    async replace(resource, object) {
      await access.update(resource, object);
    },
    close: () => server.close(),
  };
}

/** What istiod wants to list whatever its settings say, and our API does not have by itself. */
const UNSERVED = [
  { kind: "Ingress", scope: "Namespaced" },
  { kind: "IngressClass", scope: "Cluster" },
] as const;

function definitionOf({ kind, scope }: (typeof UNSERVED)[number]): KubeObject {
  const group = "networking.k8s.io";
  const singular = kind.toLowerCase();
  const plural = `${singular}es`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const metadata = {
    name: `${plural}.${group}`,
    annotations: { "api-approved.kubernetes.io": "unapproved, for a benchmark" },
  };
  return {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata },
    spec: {
      ...{ group, scope, names: { kind, plural, singular, listKind: `${kind}List` } },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

/** JSON is YAML. */
function kubeconfigOf(server: string, authorityPem: string): string {
  const cluster = { server, "certificate-authority-data": Buffer.from(authorityPem).toString("base64") };
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "bench" },
    clusters: [{ name: "bench", cluster }],
    users: [{ name: "bench", user: { token: TOKEN } }],
    contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
  });
}

function mountsIn(folder: string, authorityPem: string): string {
  const mounts = join(folder, "mounts");
  const account = join(mounts, "var/run/secrets/kubernetes.io/serviceaccount");
  mkdirSync(account, { recursive: true });
  writeFileSync(join(account, "ca.crt"), authorityPem);
  writeFileSync(join(account, "token"), TOKEN);
  writeFileSync(join(account, "namespace"), "istio-system");
  return mounts;
}
