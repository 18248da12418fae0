import type { KeyPair } from "@bookmesh/proxy-core/tls";
import {
  DataSourceSchema,
  TlsCertificateSchema,
  type DataSource,
  type TlsCertificate,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";

/** Reads a certificate with its key; complains about what it does not hold, never telling what it holds. */
export function readTlsCertificate(place: Place, proto: TlsCertificate): KeyPair | undefined {
  refuseFieldsBut(place, [TlsCertificateSchema, proto], ["certificate_chain", "private_key"]);
  const certificateChain = readPem(below(place, "certificate_chain"), proto.certificateChain);
  const privateKey = readPem(below(place, "private_key"), proto.privateKey);
  return certificateChain === undefined || privateKey === undefined
    ? undefined
    : { certificateChain, privateKey };
}

function readPem(place: Place, source: DataSource | undefined): string | undefined {
  if (source) refuseFieldsBut(place, [DataSourceSchema, source], ["inline_bytes", "inline_string"]);
  const { specifier } = source ?? {};
  if (specifier?.case === "inlineString") return specifier.value;
  if (specifier?.case === "inlineBytes") return new TextDecoder().decode(specifier.value);
  complain(place, "must be there, as inline_bytes or inline_string");
  return undefined;
}
