import type { KeyPair, TlsSettings, TlsVersion } from "@bookmesh/proxy-core";
import {
  CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  SdsSecretConfigSchema,
  TlsParametersSchema,
  TlsParameters_TlsProtocol as Protocol,
  type CommonTlsContext,
  type DownstreamTlsContext,
  type SdsSecretConfig,
  type TlsParameters,
  type TransportSocket,
} from "@bookmesh/xds-api";
import { readTlsCertificate } from "./tls-certificate.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readAny } from "./values.ts";

/** An accepted TLS context, its certificate by name or inline. */
export interface TlsSpec {
  readonly settings: TlsSettings;
  readonly certificate:
    | { readonly kind: "named"; readonly name: string }
    | { readonly kind: "inline"; readonly keyPair: KeyPair };
}

const VERSIONS: ReadonlyMap<Protocol, TlsVersion> = new Map([
  [Protocol.TLSv1_2, "TLSv1.2"],
  [Protocol.TLSv1_3, "TLSv1.3"],
]);

/** Reads how a chain ends TLS. */
export function readDownstreamTls(place: Place, { configType }: TransportSocket): TlsSpec | undefined {
  if (configType.case !== "typedConfig") {
    complain(place, "must have a typed_config");
    return undefined;
  }
  const context = readAny(place, configType.value, DownstreamTlsContextSchema);
  if (!context) return undefined;
  refuseFieldsBut(
    place,
    [DownstreamTlsContextSchema, context],
    ["common_tls_context", "require_client_certificate", "disable_stateless_session_resumption"],
  );
  refuseClientCertificates(place, context);
  const common = context.commonTlsContext;
  const at = below(place, "common_tls_context");
  if (!common) {
    complain(at, "is required");
    return undefined;
  }
  refuseFieldsBut(
    at,
    [CommonTlsContextSchema, common],
    ["tls_params", "tls_certificates", "tls_certificate_sds_secret_configs", "alpn_protocols"],
  );
  const certificate = readCertificate(at, common);
  const versions = readVersions(below(at, "tls_params"), common.tlsParams);
  return (
    certificate && { certificate, settings: { ...versions, applicationProtocols: common.alpnProtocols } }
  );
}

function refuseClientCertificates(place: Place, { requireClientCertificate }: DownstreamTlsContext): void {
  if (requireClientCertificate === true)
    complain(
      below(place, "require_client_certificate"),
      "must be false: this proxy checks no client certificates",
    );
}

function readCertificate(place: Place, common: CommonTlsContext): TlsSpec["certificate"] | undefined {
  const { tlsCertificates, tlsCertificateSdsSecretConfigs: named } = common;
  if (tlsCertificates.length + named.length !== 1) {
    complain(place, "must have one certificate: in tls_certificates or tls_certificate_sds_secret_configs");
    return undefined;
  }
  const [secret] = named;
  if (secret) return readSecretName(below(place, "tls_certificate_sds_secret_configs", 0), secret);
  const [certificate] = tlsCertificates;
  const keyPair = certificate && readTlsCertificate(below(place, "tls_certificates", 0), certificate);
  return keyPair && { kind: "inline", keyPair };
}

function readSecretName(place: Place, config: SdsSecretConfig): TlsSpec["certificate"] {
  refuseFieldsBut(place, [SdsSecretConfigSchema, config], ["name", "sds_config"]);
  if (config.name === "") complain(below(place, "name"), "must not be empty");
  if (config.sdsConfig?.configSourceSpecifier.case !== "ads")
    complain(below(place, "sds_config"), "must be ads");
  return { kind: "named", name: config.name };
}

/** Source: Envoy, `TlsParameters`: a server's TLS is 1.2 at the least where nothing is said, and 1.3 at the most. */
function readVersions(
  place: Place,
  parameters: TlsParameters | undefined,
): Pick<TlsSettings, "minimumVersion" | "maximumVersion"> {
  const versions = { minimumVersion: "TLSv1.2", maximumVersion: "TLSv1.3" } as const;
  if (!parameters) return versions;
  refuseFieldsBut(
    place,
    [TlsParametersSchema, parameters],
    ["tls_minimum_protocol_version", "tls_maximum_protocol_version"],
  );
  const { tlsMinimumProtocolVersion: minimum, tlsMaximumProtocolVersion: maximum } = parameters;
  const found = {
    minimumVersion:
      readVersion(below(place, "tls_minimum_protocol_version"), minimum) ?? versions.minimumVersion,
    maximumVersion:
      readVersion(below(place, "tls_maximum_protocol_version"), maximum) ?? versions.maximumVersion,
  };
  if (found.minimumVersion > found.maximumVersion)
    complain(below(place, "tls_minimum_protocol_version"), "must not be above the maximum");
  return found;
}

function readVersion(place: Place, protocol: Protocol): TlsVersion | undefined {
  if (protocol === Protocol.TLS_AUTO) return undefined;
  const version = VERSIONS.get(protocol);
  if (!version) complain(place, "must be TLSv1_2 or TLSv1_3: older versions are not safe");
  return version;
}
