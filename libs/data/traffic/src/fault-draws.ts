import type { Random } from "@bookmesh/kernel";
import type { FaultPolicy } from "@bookmesh/proxy-core";

/** Envoy's response flag of a request that was delayed on purpose. */
export const DELAY_FLAG = "DI";

/** How long this request is to be delayed; 0 for not at all. */
export function drawDelayMs({ delay }: FaultPolicy, random: Random): number {
  return delay && random() < delay.fraction ? delay.durationMs : 0;
}

/** The status that this request is to be answered with in place of its upstream; 0 for none. */
export function drawAbortStatus({ abort }: FaultPolicy, random: Random): number {
  return abort && random() < abort.fraction ? abort.status : 0;
}
