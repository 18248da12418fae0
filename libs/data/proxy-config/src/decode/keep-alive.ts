import type { KeepAliveRules } from "@bookmesh/proxy-core";
import {
  TcpKeepaliveSchema,
  UpstreamConnectionOptionsSchema,
  type UpstreamConnectionOptions,
} from "@bookmesh/xds-api";
import { below, refuseFieldsBut, type Place } from "./place.ts";

/** Reads the kernel's probes of silent connections. Source: Envoy `TcpKeepalive`. */
export function readKeepAlive(
  place: Place,
  proto: UpstreamConnectionOptions | undefined,
): KeepAliveRules | undefined {
  if (!proto) return undefined;
  refuseFieldsBut(place, [UpstreamConnectionOptionsSchema, proto], ["tcp_keepalive"]);
  const { tcpKeepalive: probes } = proto;
  if (!probes) return undefined;
  refuseFieldsBut(
    below(place, "tcp_keepalive"),
    [TcpKeepaliveSchema, probes],
    ["keepalive_probes", "keepalive_time", "keepalive_interval"],
  );
  return {
    idleMs: secondsToMs(probes.keepaliveTime),
    intervalMs: secondsToMs(probes.keepaliveInterval),
    probes: probes.keepaliveProbes,
  };
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
