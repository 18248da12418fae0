import {
  BindConfigSchema,
  ExtraSourceAddressSchema,
  SocketAddressSchema,
  type Cluster,
  type SocketAddress,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";

/** Reads `upstream_bind_config`: the addresses to dial from, at most one of a family. */
export function readSources(place: Place, { upstreamBindConfig: bind }: Cluster): readonly string[] {
  if (!bind) return [];
  refuseFieldsBut(place, [BindConfigSchema, bind], ["source_address", "extra_source_addresses"]);
  const extra = bind.extraSourceAddresses.map((source, index) => {
    const at = below(place, "extra_source_addresses", index);
    refuseFieldsBut(at, [ExtraSourceAddressSchema, source], ["address"]);
    return readSource(below(at, "address"), source.address);
  });
  return [readSource(below(place, "source_address"), bind.sourceAddress), ...extra].flatMap(
    (address) => address ?? [],
  );
}

function readSource(place: Place, socket: SocketAddress | undefined): string | undefined {
  if (!socket) {
    complain(place, "is required");
    return undefined;
  }
  refuseFieldsBut(place, [SocketAddressSchema, socket], ["address", "port_value"]);
  if (socket.portSpecifier.value !== 0) complain(below(place, "port_value"), "must be 0: the kernel chooses");
  if (!/^[0-9.]+$|:/.test(socket.address)) complain(below(place, "address"), "must be an IP address");
  return socket.address;
}
