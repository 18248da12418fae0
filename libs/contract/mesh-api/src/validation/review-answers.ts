import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpRoute } from "../schema/http-route.ts";
import { authorityIssues, pathTextIssues } from "./field-checks.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MAX_PORT = 65_535;
const REDIRECT_CODES = [301, 302, 303, 307, 308];

/** What is wrong with a redirect, beyond its schema. */
export function redirectIssues({ redirect }: HttpRoute, at: string): readonly ConfigIssue[] {
  if (redirect === undefined) return [];
  const { redirectCode, uri, authority, scheme, port, derivePort } = redirect;
  const path = `${at}.redirect`;
  return [
    ...pathTextIssues(`${path}.uri`, uri),
    ...authorityIssues(`${path}.authority`, authority),
    ...(scheme === undefined || /^[a-z][a-z0-9+.-]*$/i.test(scheme)
      ? []
      : [{ path: `${path}.scheme`, problem: `"${scheme}" is no scheme` }]),
    ...(port === undefined || port <= MAX_PORT
      ? []
      : [{ path: `${path}.port`, problem: `must be at most ${MAX_PORT}` }]),
    ...(redirectCode !== undefined && !REDIRECT_CODES.includes(redirectCode)
      ? [{ path: `${path}.redirectCode`, problem: `must be one of ${REDIRECT_CODES.join(", ")}` }]
      : []),
    ...([uri, authority, scheme, port, derivePort].every((part) => part === undefined)
      ? [{ path, problem: "must name a uri, an authority, a scheme or a port" }]
      : []),
    ...(port !== undefined && derivePort !== undefined
      ? [{ path, problem: "must have only one of port and derivePort" }]
      : []),
  ];
}

/** Larger answers belong into a service; the sidecar refuses them too. */
const MAX_BODY_LENGTH = 4_096;

/** What is wrong with an answer of the sidecar itself, beyond its schema. */
export function directResponseIssues({ directResponse }: HttpRoute, at: string): readonly ConfigIssue[] {
  if (directResponse === undefined) return [];
  const { status, body } = directResponse;
  return [
    ...(status < 200 || status > 599
      ? [{ path: `${at}.directResponse.status`, problem: "must be between 200 and 599" }]
      : []),
    ...((body?.string ?? "").length > MAX_BODY_LENGTH || (body?.bytes ?? "").length > MAX_BODY_LENGTH
      ? [{ path: `${at}.directResponse.body`, problem: `must not be longer than ${MAX_BODY_LENGTH} bytes` }]
      : []),
    ...(BASE64.test(body?.bytes ?? "")
      ? []
      : [{ path: `${at}.directResponse.body.bytes`, problem: "must be base64" }]),
    ...(body?.string !== undefined && body.bytes !== undefined
      ? [{ path: `${at}.directResponse.body`, problem: "must have only one of string and bytes" }]
      : []),
  ];
}
