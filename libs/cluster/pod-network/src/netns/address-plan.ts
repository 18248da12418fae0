import type { PodRange } from "../pod-addresses.ts";

/** The IPs of pods. */
export const RANGE: PodRange = { first: 10, second: 244 };
/** Pods have two addresses: their IP, and one more that a sidecar may use, with one more in its second octet. */
export const PODS = `${RANGE.first}.${RANGE.second}.0.0/15`;
/** This process, as the pods see it. */
export const GATEWAY = `${RANGE.first}.${RANGE.second}.0.1`;

/** A pod's second address. */
export function secondAddress(podIp: string): string {
  const [first, second, third, fourth] = podIp.split(".");
  return [first, Number(second) + 1, third, fourth].join(".");
}
