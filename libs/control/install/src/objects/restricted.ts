import { MESH_USER } from "./names.ts";

/** How every container of the mesh's own runs. Source: Kubernetes, Pod Security Standards, `restricted`. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsGroup: MESH_USER,
  runAsNonRoot: true,
  runAsUser: MESH_USER,
} as const;
