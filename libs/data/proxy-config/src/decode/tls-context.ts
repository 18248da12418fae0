import type { TlsSettings, TlsVersion } from "@bookmesh/proxy-core/tls";
import {
  CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  SdsSecretConfigSchema,
  TlsParametersSchema,
  TlsParameters_TlsProtocol as Protocol,
  type CommonTlsContext,
  type DownstreamTlsContext,
  type TlsParameters,
  type TransportSocket,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readAny } from "./values.ts";

/** An accepted TLS context, its certificate by name: one that stood in it would be shown and saved as a listener is. */
export interface TlsSpec {
  readonly settings: TlsSettings;
  readonly secretName: string;
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
    ["tls_params", "tls_certificate_sds_secret_configs", "alpn_protocols"],
  );
  const secretName = readSecretName(at, common);
  const versions = readVersions(below(at, "tls_params"), common.tlsParams);
  const settings = { ...versions, applicationProtocols: common.alpnProtocols };
  return secretName === undefined ? undefined : { secretName, settings };
}

function refuseClientCertificates(place: Place, { requireClientCertificate }: DownstreamTlsContext): void {
  if (requireClientCertificate === true)
    complain(
      below(place, "require_client_certificate"),
      "must be false: this proxy checks no client certificates",
    );
}

function readSecretName(
  place: Place,
  { tlsCertificateSdsSecretConfigs }: CommonTlsContext,
): string | undefined {
  const at = below(place, "tls_certificate_sds_secret_configs");
  const [config, ...others] = tlsCertificateSdsSecretConfigs;
  if (!config || others.length > 0) {
    complain(at, "must have one element");
    return undefined;
  }
  const first = below(place, "tls_certificate_sds_secret_configs", 0);
  refuseFieldsBut(first, [SdsSecretConfigSchema, config], ["name", "sds_config"]);
  if (config.name === "") complain(below(first, "name"), "must not be empty");
  if (config.sdsConfig?.configSourceSpecifier.case !== "ads")
    complain(below(first, "sds_config"), "must be ads");
  return config.name;
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
