import { createHash } from "node:crypto";
import { err, ok, type Clock, type Result } from "@bookmesh/kernel";
import { apiVersionOf, RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import type { Caller } from "./caller.ts";

/** Finds out whose token this is; the reason of a refusal is a sentence. */
export type Authenticate = (token: string) => Promise<Result<Caller, string>>;

/** The audience that a mesh token is made for. */
const AUDIENCE = "istio-ca";
/** How long an answer holds: short, so that a deleted pod's token ends soon. */
const CACHE_MS = 30_000;
/** More callers than this within `CACHE_MS` pay a review each. */
const MAX_CACHED = 5_000;
/** Kubernetes' tokens are about 1 KiB. */
const MAX_TOKEN_LENGTH = 16_384;
const POD_NAME = "authentication.kubernetes.io/pod-name";

interface TokenReview extends KubeObject {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly error?: string;
    readonly audiences?: readonly string[];
    readonly user?: {
      readonly username?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

/** Asks the API server (TokenReview), and remembers its answer for a short while. */
export function tokenAuthenticator(client: KubeClient, clock: Clock): Authenticate {
  const cache = new Map<string, { readonly caller: Caller; readonly untilMs: number }>();
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return err("The token is too long.");
    const key = createHash("sha256").update(token).digest("base64");
    const known = cache.get(key);
    if (known && known.untilMs > clock.now()) return ok(known.caller);
    const outcome = callerOf(await review(client, token));
    if (!outcome.ok) return outcome;
    cache.delete(key); // so that the order of the map is the order of the reviews
    cache.set(key, { caller: outcome.value, untilMs: clock.now() + CACHE_MS });
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
    return outcome;
  };
}

async function review(client: KubeClient, token: string): Promise<TokenReview> {
  const question = {
    apiVersion: apiVersionOf(RESOURCES.tokenReviews),
    kind: RESOURCES.tokenReviews.kind,
    metadata: { name: "" },
    spec: { token, audiences: [AUDIENCE] },
  };
  const { object } = await client.create<TokenReview>(RESOURCES.tokenReviews, question);
  return object;
}

function callerOf({ status }: TokenReview): Result<Caller, string> {
  if (status?.authenticated !== true) return err(`The token is not valid: ${status?.error ?? "refused"}.`);
  if (status.audiences?.includes(AUDIENCE) !== true)
    return err(`The token is not for the audience "${AUDIENCE}".`);
  const [system, kind, namespace, serviceAccount] = status.user?.username?.split(":") ?? [];
  if (system !== "system" || kind !== "serviceaccount" || !namespace || !serviceAccount)
    return err("The token is not of a service account.");
  const podName = status.user?.extra?.[POD_NAME]?.[0];
  return ok({ namespace, serviceAccount, ...(podName !== undefined && { podName }) });
}
