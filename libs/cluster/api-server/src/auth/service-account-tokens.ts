import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { isObject, type JsonObject } from "@bookmesh/kube-model";

/** Who issues tokens, and whom a token without an audience of its own is for. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";

/** What a service-account token says. Source: RFC 7519; Kubernetes' private claim. */
export interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly nbf: number;
  readonly sub: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly pod?: { readonly name: string; readonly uid: string };
  };
}

/** Signs and reads tokens with one key (ES256). */
export interface TokenSigner {
  sign(claims: Omit<TokenClaims, "iss" | "jti">): string;
  /** The claims of a token that this key signed; neither its time nor its account has been looked at. */
  read(token: string): TokenClaims | undefined;
}

/** A new key in PEM. */
export function generateTokenKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A signer with `pem`. */
export function tokenSigner(pem: string): TokenSigner {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const kid = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  const head = encode({ alg: "ES256", kid });
  return {
    sign(claims) {
      const signed = `${head}.${encode({ ...claims, iss: ISSUER, jti: randomUUID() })}`;
      const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
      return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    },
    read: (token) => read(token, { head, publicKey }),
  };
}

function read(
  token: string,
  own: { readonly head: string; readonly publicKey: KeyObject },
): TokenClaims | undefined {
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (head !== own.head || more.length > 0) return undefined; // one key, one algorithm: the head is a constant
  const bytes = Buffer.from(signature, "base64url");
  if (bytes.toString("base64url") !== signature) return undefined; // one token has one spelling
  const key = { key: own.publicKey, dsaEncoding: "ieee-p1363" } as const;
  if (!verify("sha256", Buffer.from(`${head}.${body}`), key, bytes)) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
  return isClaims(claims) ? claims : undefined;
}

function isClaims(value: unknown): value is JsonObject & TokenClaims {
  return (
    isObject(value) &&
    value["iss"] === ISSUER &&
    typeof value["exp"] === "number" &&
    isObject(value["kubernetes.io"])
  );
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
