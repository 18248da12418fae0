import { create } from "@bufbuild/protobuf";
import { AddressSchema, type Address } from "@bookmesh/xds-api";

/** An IP address and a TCP port as Envoy writes them. */
export function socketAddress(address: string, port: number): Address {
  return create(AddressSchema, {
    address: {
      case: "socketAddress",
      value: { address, portSpecifier: { case: "portValue", value: port } },
    },
  });
}
