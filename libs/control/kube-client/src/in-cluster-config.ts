import { readFileSync } from "node:fs";
import type { KubeConfig } from "./kube-config.ts";

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The configuration that every pod finds in its environment and its mounts; the files lie below
 * `$CONTAINER_SANDBOX_MOUNT_POINT` where that is set. Throws a sentence where this is no pod.
 */
export function inClusterConfig(env: NodeJS.ProcessEnv = process.env): KubeConfig {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  if (!host || !port) {
    throw new Error("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is not a pod.");
  }
  const folder = `${env["CONTAINER_SANDBOX_MOUNT_POINT"] ?? ""}${SERVICE_ACCOUNT}`;
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    certificateAuthority: readMounted(`${folder}/ca.crt`),
    credentials: { tokenFile: `${folder}/token` },
    namespace: readMounted(`${folder}/namespace`).trim(),
  };
}

function readMounted(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`The pod's service account is not mounted: ${path} cannot be read.`, { cause });
  }
}
