import { conflict, invalid, notFound } from "@bookmesh/cluster-api";
import { RESOURCES } from "@bookmesh/kube-api";
import type { Registry } from "@bookmesh/registry";
import type { Authenticator } from "./authenticator.ts";
import { ISSUER } from "./service-account-tokens.ts";

/** Kubernetes' own bounds for a token's life. */
const MIN_EXPIRATION_SECONDS = 600;
const MAX_EXPIRATION_SECONDS = 2 ** 32;

/** What a token shall be. */
export interface TokenWish {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** None: the API server itself. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: { readonly name: string; readonly uid?: string };
}

/** A token and when it ends, in milliseconds since the epoch. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly audiences: readonly string[];
}

/** Issues a token for a service account, bound to a pod where one is named. */
export function issueToken(
  { store, clock }: Registry,
  { signer }: Authenticator,
  wish: TokenWish,
): IssuedToken {
  const { namespace, serviceAccount, expirationSeconds } = wish;
  const account = store.get(RESOURCES.serviceAccounts, { namespace, name: serviceAccount });
  if (account === undefined) throw notFound(RESOURCES.serviceAccounts, serviceAccount);
  checkExpiration(expirationSeconds);
  const pod = wish.pod && boundPod({ store }, namespace, wish.pod);
  const audiences = wish.audiences.length > 0 ? wish.audiences : [ISSUER];
  const iat = Math.floor(clock.now() / 1000);
  const exp = iat + expirationSeconds;
  const token = signer.sign({
    aud: audiences,
    exp,
    iat,
    nbf: iat,
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    "kubernetes.io": {
      namespace,
      ...(pod && { pod }),
      serviceaccount: { name: serviceAccount, uid: account.metadata.uid ?? "" },
    },
  });
  return { token, expiresAt: exp * 1000, audiences };
}

function checkExpiration(seconds: number): void {
  if (seconds >= MIN_EXPIRATION_SECONDS && seconds <= MAX_EXPIRATION_SECONDS) return;
  const bound = seconds < MIN_EXPIRATION_SECONDS ? "less than 10 minutes" : "larger than 2^32 seconds";
  const message = `Invalid value: ${seconds}: may not specify a duration ${bound}`;
  const cause = { reason: "FieldValueInvalid", field: "spec.expirationSeconds", message };
  throw invalid({ group: "authentication.k8s.io", kind: "TokenRequest" }, "", [cause]);
}

function boundPod(
  { store }: Pick<Registry, "store">,
  namespace: string,
  wanted: { readonly name: string; readonly uid?: string },
): { readonly name: string; readonly uid: string } {
  const pod = store.get(RESOURCES.pods, { namespace, name: wanted.name });
  const uid = pod?.metadata.uid ?? "";
  if (pod === undefined) throw notFound(RESOURCES.pods, wanted.name);
  if (wanted.uid !== undefined && wanted.uid !== "" && wanted.uid !== uid) {
    const why = `the UID in the bound object reference (${wanted.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict(RESOURCES.pods, wanted.name, why);
  }
  return { name: wanted.name, uid };
}
