import { createHash, timingSafeEqual } from "node:crypto";
import { ADMIN, type Caller, type ObjectStore } from "@bookmesh/registry";
import {
  generateTokenKey,
  ISSUER,
  tokenSigner,
  type TokenClaims,
  type TokenSigner,
} from "./service-account-tokens.ts";
import type { Clock } from "@bookmesh/kernel";
import { RESOURCES } from "@bookmesh/kube-api";

/** Longer tokens are not looked at. */
const MAX_TOKEN_CHARACTERS = 16 * 1024;
const KEY_SETTING = "service-account-key";

/** Finds out who somebody is, by what they show. */
export interface Authenticator {
  readonly signer: TokenSigner;
  /** Whose token it is, for whom it must be; `undefined` when it does not hold. */
  authenticate(token: string, audiences?: readonly string[]): Authenticated | undefined;
}

/** Who shows a token, and for which of the asked audiences it is. */
export interface Authenticated {
  readonly caller: Caller;
  readonly audiences: readonly string[];
}

/** An authenticator whose key lives in the store: tokens outlive a restart. */
export function makeAuthenticator(options: {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly adminToken: string;
}): Authenticator {
  const { store, clock, adminToken } = options;
  const pem = store.setting(KEY_SETTING) ?? generateTokenKey();
  store.saveSetting(KEY_SETTING, pem);
  const signer = tokenSigner(pem);
  return {
    signer,
    authenticate(token, audiences = [ISSUER]) {
      if (token === "" || token.length > MAX_TOKEN_CHARACTERS) return undefined;
      if (sameSecret(token, adminToken))
        return audiences.includes(ISSUER) ? { caller: ADMIN, audiences: [ISSUER] } : undefined;
      const claims = signer.read(token);
      if (claims === undefined || !isCurrent(claims, clock.now()) || !isBound(store, claims))
        return undefined;
      const shared = claims.aud.filter((audience) => audiences.includes(audience));
      return shared.length === 0 ? undefined : { caller: callerOf(claims), audiences: shared };
    },
  };
}

/** Takes the same time wherever the two differ. */
function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function isCurrent({ exp, nbf }: TokenClaims, nowMs: number): boolean {
  return nowMs / 1000 < exp && Math.ceil(nowMs / 1000) >= nbf;
}

/** A token dies with its service account, and with the pod that it was made for. */
function isBound(
  store: ObjectStore,
  { "kubernetes.io": { namespace, serviceaccount, pod } }: TokenClaims,
): boolean {
  const account = store.get(RESOURCES.serviceAccounts, { namespace, name: serviceaccount.name });
  if (account?.metadata.uid !== serviceaccount.uid) return false;
  return (
    pod === undefined || store.get(RESOURCES.pods, { namespace, name: pod.name })?.metadata.uid === pod.uid
  );
}

function callerOf({ sub, jti, "kubernetes.io": { namespace, serviceaccount, pod } }: TokenClaims): Caller {
  return {
    username: sub,
    uid: serviceaccount.uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    extra: {
      "authentication.kubernetes.io/credential-id": [`JTI=${jti}`],
      ...(pod && {
        "authentication.kubernetes.io/pod-name": [pod.name],
        "authentication.kubernetes.io/pod-uid": [pod.uid],
      }),
    },
  };
}
