import { create } from "@bufbuild/protobuf";
import { SecretSchema, type Secret } from "@bookmesh/xds-api";

/** Everything that the xDS resource of a Secret depends on. It is also the cache key. */
export interface SecretInputs {
  readonly name: string;
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** The name under which a gateway asks for a Secret of its own namespace. */
export function secretName(credential: string): string {
  return `kubernetes://${credential}`;
}

/** Builds the SDS resource of a certificate and its key. */
export function translateSecret({ name, certificateChain, privateKey }: SecretInputs): Secret {
  const inline = (text: string) => ({
    specifier: { case: "inlineBytes", value: new TextEncoder().encode(text) } as const,
  });
  return create(SecretSchema, {
    name: secretName(name),
    type: {
      case: "tlsCertificate",
      value: { certificateChain: inline(certificateChain), privateKey: inline(privateKey) },
    },
  });
}
