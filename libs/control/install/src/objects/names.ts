/** Where the mesh's own objects live. */
export const MESH_NAMESPACE = "istio-system";

/** The labels of every object of the mesh, so that it can be found and removed again. */
export const MESH_LABELS = {
  "app.kubernetes.io/managed-by": "bookmesh",
  "app.kubernetes.io/part-of": "istio",
  "istio.io/rev": "default",
} as const;

/** The name of the control plane's Deployment, Service and ServiceAccount. */
export const ISTIOD = "istiod";

/** The labels of istiod's pods. */
export const ISTIOD_POD_LABELS = { app: ISTIOD, "istio.io/rev": "default" } as const;

/** The user that our images know, and that Istio's have. */
export const MESH_USER = 1_337;

/** The ConfigMap with the mesh's root certificate. istiod writes it into every namespace, and sidecars mount it. */
export const ROOT_CONFIG_MAP = "istio-ca-root-cert";
