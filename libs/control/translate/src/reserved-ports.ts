/** Where redirected connections arrive: what a pod sends, and what is sent to it. */
export const OUTBOUND_PORT = 15_001;
export const INBOUND_PORT = 15_006;

/** The sidecar's own: the two above, and those for metrics, health and probes, which are never redirected. */
const RESERVED: readonly number[] = [OUTBOUND_PORT, INBOUND_PORT, 15_020, 15_021, 15_090];

/** Says whether a port of a redirecting pod cannot be its application's: a listener for it would bar another. */
export function isReservedPort(port: number): boolean {
  return RESERVED.includes(port);
}
