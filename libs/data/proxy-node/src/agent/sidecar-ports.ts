/** The sidecar's own ports; Istio's. */
export const SIDECAR_PORTS = { admin: 15_000, agent: 15_020, health: 15_021, metrics: 15_090 } as const;
