import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { ok } from "@bookmesh/kernel";
import { restoreState } from "@bookmesh/discovery";
import { NodeSchema, SECRET_TYPE_URL, SecretSchema } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { certsJson, secretsOf } from "./certs-page.ts";
import { configDump } from "./config-dump.ts";
import { tlsFamilies } from "./tls-metrics.ts";

const NAME = "kubernetes://shop";
const DAY_MS = 86_400_000;
const FACTS = {
  subject: "CN=shop.example",
  serialNumber: "1f",
  names: ["DNS:shop.example", "URI:spiffe://shop", "othername:<unsupported>"],
  validFromMs: 0,
  expiresMs: 30 * DAY_MS,
};

function stateWithSecret() {
  const inline = (value: string) => ({ specifier: { case: "inlineString", value } }) as const;
  const value = { certificateChain: inline("THE CHAIN"), privateKey: inline("THE KEY") };
  const secret = create(SecretSchema, { name: NAME, type: { case: "tlsCertificate", value } });
  const answer = { typeUrl: SECRET_TYPE_URL, versionInfo: "7", nonce: "" };
  const ports = { nowMs: 0, random: () => 0, inspectKeyPair: () => ok([FACTS]) };
  const state = restoreState([{ ...answer, resources: [anyPack(SecretSchema, secret)] }], ports);
  if (typeof state === "string") throw new Error(state);
  return state;
}

describe("a gateway's secrets", () => {
  it("are dumped without their keys", () => {
    const inputs = { node: create(NodeSchema), startedMs: 0, includesEndpoints: false, mask: [] };
    const dump = JSON.stringify(configDump({ ...inputs, state: stateWithSecret() }));
    expect(dump).toContain('"@type":"type.googleapis.com/envoy.admin.v3.SecretsConfigDump"');
    expect(dump).toContain('"inline_string":"THE CHAIN"');
    expect(dump).toContain('"inline_string":"[redacted]"');
    expect(dump).not.toContain("THE KEY");
  });

  it("show their certificates, and how long these are good", () => {
    expect(certsJson(secretsOf(stateWithSecret()), 2 * DAY_MS)).toEqual({
      certificates: [
        {
          ca_cert: [],
          cert_chain: [
            {
              path: NAME,
              serial_number: "1f",
              subject_alt_names: [{ dns: "shop.example" }, { uri: "spiffe://shop" }],
              days_until_expiration: "28",
              valid_from: "1970-01-01T00:00:00.000Z",
              expiration_time: "1970-01-31T00:00:00.000Z",
            },
          ],
        },
      ],
    });
  });

  it("and refused connections are metrics; a sidecar without any has none", () => {
    const refusals = new Map([
      ["unknown server name", 2],
      ["failed handshake", 3],
    ] as const);
    const families = tlsFamilies({ tlsHandshakes: 5, refusals }, secretsOf(stateWithSecret()));
    expect(families.flatMap(({ samples }) => samples)).toEqual([
      { name: "envoy_listener_ssl_handshake", labels: {}, value: 5 },
      { name: "envoy_listener_no_filter_chain_match", labels: { reason: "unknown server name" }, value: 2 },
      { name: "envoy_listener_ssl_connection_error", labels: { reason: "failed handshake" }, value: 3 },
      {
        name: "envoy_listener_ssl_certificate_expiration_unix_time_seconds",
        labels: { certificate: NAME },
        value: FACTS.expiresMs / 1_000,
      },
    ]);
    expect(tlsFamilies({ tlsHandshakes: 0, refusals: new Map() }, [])).toEqual([]);
  });
});
