import { create } from "@bufbuild/protobuf";
import { anyPack, anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import { SecretSchema, TlsCertificateSchema, type Secret } from "@bookmesh/xds-api";

/** What stands in the place of a key; Envoy's word. */
const REDACTED = { specifier: { case: "inlineString", value: "[redacted]" } } as const;

/** The same secret without its key; of one that is no certificate nothing is left but the name. */
export function redactSecret(any: Any): Any {
  const secret = unpack(any);
  const redacted = create(SecretSchema, { name: secret?.name ?? "" });
  if (secret?.type.case === "tlsCertificate") {
    const value = create(TlsCertificateSchema, { privateKey: REDACTED });
    if (secret.type.value.certificateChain) value.certificateChain = secret.type.value.certificateChain;
    redacted.type = { case: "tlsCertificate", value };
  }
  return anyPack(SecretSchema, redacted);
}

function unpack(any: Any): Secret | undefined {
  try {
    return anyUnpack(any, SecretSchema);
  } catch {
    return undefined; // bytes that are no secret: they may hold anything, so none of them is shown
  }
}
