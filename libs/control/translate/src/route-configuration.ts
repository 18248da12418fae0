import { RouteConfigurationSchema, type RouteConfiguration } from "@bookmesh/xds-api";
import { encodePart, joinParts, type EncodedResource } from "./encoded-resource.ts";
import type { Encoders } from "./encoders.ts";
import type { VirtualHostInputs } from "./route.ts";

/** A route configuration, joined from the bytes of its virtual hosts and of what stands around them. */
export function joinRouteConfiguration(
  frame: RouteConfiguration,
  hosts: readonly VirtualHostInputs[],
  encode: Encoders,
): EncodedResource {
  const parts = hosts.map((inputs) => encode.virtualHost.of(inputs));
  return joinParts(frame.name, RouteConfigurationSchema, [
    ...parts,
    encodePart(RouteConfigurationSchema, frame),
  ]);
}
