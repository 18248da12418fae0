import { methodNotAllowed } from "@bookmesh/cluster-api";
import { isObject } from "@bookmesh/kube-model";
import { numberField, objectField, textField, textsField, timestamp } from "@bookmesh/registry";
import { issueToken } from "../auth/issue-token.ts";
import { parseBody, readBody } from "./body.ts";
import { sendObject } from "./exchange.ts";
import { targetOf, type ResourceRequest } from "./resource-request.ts";

const DEFAULT_EXPIRATION_SECONDS = 3600;

/** `POST …/serviceaccounts/<name>/token`. Source: Kubernetes API, `authentication/v1.TokenRequest`. */
export async function serveToken(request: ResourceRequest): Promise<void> {
  const { exchange, serving } = request;
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const { namespace = "", name } = targetOf(request);
  const value = parseBody(
    await readBody(exchange.request),
    exchange.request.headers["content-type"],
    "TokenRequest",
  );
  const spec = (isObject(value) ? objectField(value, "spec") : undefined) ?? {};
  const bound = objectField(spec, "boundObjectRef");
  const pod = bound && textField(bound, "kind") === "Pod" ? podOf(bound) : undefined;
  const expirationSeconds = numberField(spec, "expirationSeconds") ?? DEFAULT_EXPIRATION_SECONDS;
  const issued = issueToken(serving.registry, serving.authenticator, {
    namespace,
    serviceAccount: name,
    audiences: textsField(spec, "audiences"),
    expirationSeconds,
    ...(pod && { pod }),
  });
  sendObject(exchange, 201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: timestamp(serving.registry.clock.now()) },
    spec: { audiences: issued.audiences, expirationSeconds, boundObjectRef: bound ?? null },
    status: { token: issued.token, expirationTimestamp: timestamp(issued.expiresAt) },
  });
}

function podOf(bound: Readonly<Record<string, unknown>>): { readonly name: string; readonly uid?: string } {
  const uid = textField(bound, "uid");
  return { name: textField(bound, "name") ?? "", ...(uid === undefined ? {} : { uid }) };
}
