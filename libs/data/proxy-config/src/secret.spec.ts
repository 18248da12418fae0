import { err, ok } from "@bookmesh/kernel";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { SecretSchema } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeSecret } from "./secret.ts";

const inline = (value: string) => ({ specifier: { case: "inlineString", value } }) as const;

function decode(type: MessageInitShape<typeof SecretSchema>["type"], problem?: string) {
  const secret = create(SecretSchema, { name: "kubernetes://shop", ...(type && { type }) });
  return decodeSecret(secret, () =>
    problem === undefined ? ok([]) : err({ field: "private_key", problem }),
  );
}

const PAIR = {
  case: "tlsCertificate",
  value: { certificateChain: inline("chain"), privateKey: inline("key") },
} as const;

describe("a secret", () => {
  it("is a certificate with its key", () => {
    const keyPair = { certificateChain: "chain", privateKey: "key" };
    expect(decode(PAIR)).toMatchObject({ ok: true, value: { name: "kubernetes://shop", keyPair } });
  });

  it.each([
    {
      name: "of another kind",
      type: undefined,
      issue: "secrets[kubernetes://shop] must be a tls_certificate",
    },
    {
      name: "without a key",
      type: { case: "tlsCertificate", value: { certificateChain: inline("chain") } } as const,
      issue:
        "secrets[kubernetes://shop].tls_certificate.private_key must be there, as inline_bytes or inline_string",
    },
    {
      name: "on a disk",
      type: {
        case: "tlsCertificate",
        value: { ...PAIR.value, privateKey: { specifier: { case: "filename", value: "/key" } } },
      } as const,
      issue: "secrets[kubernetes://shop].tls_certificate.private_key.filename is not supported by this proxy",
    },
    {
      name: "whose key is another's",
      type: PAIR,
      problem: "does not belong to it",
      issue: "secrets[kubernetes://shop].tls_certificate.private_key does not belong to it",
    },
  ])("$name is refused", ({ type, problem, issue }) => {
    const result = decode(type, problem);
    const issues = result.ok ? [] : result.error.map(({ path, problem: what }) => `${path} ${what}`);
    expect(issues[0]).toBe(issue);
  });
});
