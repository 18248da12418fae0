import { toBinary } from "@bufbuild/protobuf";
import { RouteConfigurationSchema, type RouteConfiguration } from "@bookmesh/xds-api";
import { encodeBytes, type EncodedResource } from "./encoded-resource.ts";
import type { Encoders } from "./encoders.ts";
import type { VirtualHostInputs } from "./route.ts";

/** A route configuration, joined from the bytes of its parts: fields that repeat add up. */
export function joinRouteConfiguration(
  frame: RouteConfiguration,
  hosts: readonly VirtualHostInputs[],
  encode: Encoders,
): EncodedResource {
  const parts = hosts.map((inputs) => encode.virtualHost.of(inputs));
  const whole = joinBytes([...parts, toBinary(RouteConfigurationSchema, frame)]);
  return encodeBytes(frame.name, RouteConfigurationSchema, whole);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
