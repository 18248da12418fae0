import type { SocketPlace } from "@bookmesh/proxy-core";
import { anyUnpack, type Any, type Duration } from "@bufbuild/protobuf/wkt";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import {
  FractionalPercent_DenominatorType,
  typeUrlOf,
  type Address,
  type FractionalPercent,
} from "@bookmesh/xds-api";
import { below, complain, type Place } from "./place.ts";

/** Milliseconds of a proto duration, or `absentMs` where there is none. */
export function toMs(duration: Duration | undefined, absentMs: number): number {
  if (!duration) return absentMs;
  return Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000;
}

/** As `toMs`; complains about a negative duration. */
export function readDurationMs(place: Place, duration: Duration | undefined, absentMs: number): number {
  const ms = toMs(duration, absentMs);
  if (ms < 0) complain(place, "must not be negative");
  return ms;
}

/** A share from 0 to 1; complains about more than the whole. */
export function readFraction(place: Place, percent: FractionalPercent | undefined): number {
  if (!percent) return 0;
  const fraction = percent.numerator / denominatorOf(percent);
  if (fraction > 1) complain(place, "must not be more than 100 %");
  return Math.min(1, fraction);
}

function denominatorOf({ denominator }: FractionalPercent): number {
  if (denominator === FractionalPercent_DenominatorType.MILLION) return 1_000_000;
  return denominator === FractionalPercent_DenominatorType.TEN_THOUSAND ? 10_000 : 100;
}

/** The message inside an `Any`; complains, naming both types, when it is of another type or cannot be read. */
export function readAny<Desc extends DescMessage>(
  place: Place,
  any: Any,
  schema: Desc,
): MessageShape<Desc> | undefined {
  if (any.typeUrl !== typeUrlOf(schema)) {
    complain(place, `holds ${any.typeUrl}, which this proxy does not support here`);
    return undefined;
  }
  try {
    return anyUnpack(any, schema);
  } catch (error) {
    complain(place, `cannot be read as ${schema.typeName}: ${String(error)}`);
    return undefined;
  }
}

/** Complains where a text that joins a request line, a Host or a Location would end it early or be read as two. */
export function refuseInvisible(place: Place, text: string): void {
  if (/[^\x21-\x7e]/.test(text)) complain(place, "must be of visible ASCII characters, without blanks");
}

/** The largest port there is. */
export const MAX_PORT = 65_535;

/** The numeric socket address; complains about pipes, names and named ports. */
export function readSocketAddress(place: Place, address: Address | undefined): SocketPlace | undefined {
  if (address?.address.case !== "socketAddress") {
    complain(place, "must be a socket_address");
    return undefined;
  }
  const socket = address.address.value;
  const at = below(place, "socket_address");
  if (socket.portSpecifier.case !== "portValue") {
    complain(at, "must have a port_value");
    return undefined;
  }
  const port = socket.portSpecifier.value;
  if (port > MAX_PORT) complain(below(at, "port_value"), `must not be more than ${MAX_PORT}`);
  if (!/^[0-9.]+$|:/.test(socket.address)) complain(below(at, "address"), "must be an IP address");
  return { address: socket.address, port };
}
