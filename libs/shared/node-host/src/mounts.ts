/**
 * The place of a mounted file: `path` itself on Kubernetes; below `$CONTAINER_SANDBOX_MOUNT_POINT` where a
 * container has no file system of its own, as in Kubernetes' HostProcess containers.
 */
export function mountPath(path: string, env: NodeJS.ProcessEnv = process.env): string {
  return `${env["CONTAINER_SANDBOX_MOUNT_POINT"] ?? ""}${path}`;
}
