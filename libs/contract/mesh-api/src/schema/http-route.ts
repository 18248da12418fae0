import * as z from "zod";
import { httpMatchRequest } from "./http-match.ts";
import {
  duration,
  percent,
  portNumber,
  stringMap,
  stringMatch,
  strings,
  type DeepReadonly,
} from "./parts.ts";

const headerOperations = z.strictObject({
  set: stringMap.optional().describe("Headers to overwrite."),
  add: stringMap.optional().describe("Headers to append to what is there."),
  remove: strings.optional().describe("Headers to take away."),
});

const headers = z
  .strictObject({
    request: headerOperations.optional().describe("Edits before the request is forwarded."),
    response: headerOperations.optional().describe("Edits before the response is passed back."),
  })
  .describe("Edits of headers.");

/** Where a call goes. */
export const destination = z
  .strictObject({
    host: z.string().describe("The service: its full name, or a name relative to the rule's namespace."),
    subset: z.string().optional().describe("A subset that a DestinationRule of the host names."),
    port: portNumber.optional().describe("The service's port; needed where it has several."),
  })
  .describe("Where the call goes.");

const routeDestination = z.strictObject({
  destination,
  weight: z.int32().min(0).optional().describe("Share of the calls, relative to the sum of all weights."),
  headers: headers.optional(),
});

const redirect = z.strictObject({
  uri: z.string().optional().describe("The new path."),
  authority: z.string().optional().describe("The new host."),
  port: z.uint32().optional().describe("The new port."),
  derivePort: z
    .enum(["FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"])
    .optional()
    .describe("Where the new port comes from."),
  scheme: z.string().optional().describe("The new scheme."),
  redirectCode: z.uint32().optional().describe("301 (where absent), 302, 303, 307 or 308."),
});

const directResponse = z.strictObject({
  status: z.uint32().describe("The status to answer with."),
  body: z
    .strictObject({
      string: z.string().optional().describe("The body as text."),
      bytes: z.string().optional().describe("The body in base64."),
    })
    .optional()
    .describe("The body; absent: none."),
});

const rewrite = z.strictObject({
  uri: z.string().optional().describe("Replaces the matched prefix, or the whole path of an exact match."),
  authority: z.string().optional().describe("Replaces the Host header."),
  uriRegexRewrite: z
    .strictObject({
      match: z.string().optional().describe("An RE2 expression for parts of the path."),
      rewrite: z.string().optional().describe("What replaces them; `\\1` is the first group."),
    })
    .optional()
    .describe("Rewrites parts of the path."),
});

const retries = z.strictObject({
  attempts: z.int32().optional().describe("Tries after the first one; 0: none."),
  perTryTimeout: duration.optional().describe("Time for each try; absent: the route's timeout."),
  retryOn: z.string().optional().describe("Conditions, with commas: `5xx,reset`, or status codes."),
  backoff: duration.optional().describe("The least time between tries."),
  retryIgnorePreviousHosts: z
    .boolean()
    .optional()
    .describe("Prefers hosts not tried yet; true where absent."),
  retryRemoteLocalities: z.boolean().optional().describe("Allows tries in other localities."),
});

const fault = z.strictObject({
  delay: z
    .strictObject({
      percentage: percent.optional().describe("The share of requests that wait."),
      percent: z.int32().optional().describe("Deprecated: the share as a whole number."),
      fixedDelay: duration.optional().describe("How long they wait."),
      exponentialDelay: duration.optional().describe("Not implemented by any mesh."),
    })
    .optional()
    .describe("Holds requests back."),
  abort: z
    .strictObject({
      percentage: percent.optional().describe("The share of requests that are refused."),
      httpStatus: z.int32().optional().describe("The status they get."),
      grpcStatus: z.string().optional().describe("The gRPC status they get."),
      http2Error: z.string().optional().describe("The HTTP/2 error they get."),
    })
    .optional()
    .describe("Refuses requests."),
});

const corsPolicy = z.strictObject({
  allowOrigins: z.array(stringMatch).optional().describe("Origins that may ask."),
  allowOrigin: strings.optional().describe("Deprecated: exact origins."),
  allowMethods: strings.optional().describe("Methods that may be used."),
  allowHeaders: strings.optional().describe("Headers that may be sent."),
  exposeHeaders: strings.optional().describe("Headers that a browser may read."),
  maxAge: duration.optional().describe("How long a preflight may be remembered."),
  allowCredentials: z.boolean().optional().describe("Whether credentials may be sent."),
  unmatchedPreflights: z
    .enum(["UNSPECIFIED", "FORWARD", "IGNORE"])
    .optional()
    .describe("What happens to preflights of other origins."),
});

const mirrorPolicy = z.strictObject({
  destination,
  percentage: percent.optional().describe("The share that is mirrored; absent: all."),
});

/** One HTTP route: a condition and what follows from it. */
export const httpRoute = z.strictObject({
  name: z.string().optional().describe("The route's name in logs."),
  match: z.array(httpMatchRequest).optional().describe("One of these must hold; absent: every request."),
  route: z.array(routeDestination).optional().describe("Where the request goes, by weight."),
  redirect: redirect.optional().describe("Answers with a redirect."),
  directResponse: directResponse.optional().describe("Answers at once."),
  delegate: z
    .strictObject({
      name: z.string().optional().describe("The VirtualService's name."),
      namespace: z.string().optional().describe("Its namespace."),
    })
    .optional()
    .describe("Leaves the decision to another VirtualService."),
  rewrite: rewrite.optional().describe("Edits of path and host before the request is forwarded."),
  timeout: duration.optional().describe("Time for the whole request, retries included; absent: none."),
  retries: retries.optional().describe("When and how often to try again."),
  fault: fault.optional().describe("Faults that are made on purpose."),
  mirror: destination.optional().describe("Gets a copy of the requests."),
  mirrors: z.array(mirrorPolicy).optional().describe("Get copies of the requests."),
  mirrorPercentage: percent.optional().describe("The share that is mirrored; absent: all."),
  mirrorPercent: z.uint32().optional().describe("Deprecated: the share as a whole number."),
  mirror_percent: z.uint32().optional().describe("Deprecated: the share as a whole number."),
  corsPolicy: corsPolicy.optional().describe("Cross-origin rules."),
  headers: headers.optional(),
});

/** `VirtualService.spec.http[]`. */
export type HttpRoute = DeepReadonly<z.infer<typeof httpRoute>>;
/** `VirtualService.spec.http[].route[].destination`. */
export type Destination = DeepReadonly<z.infer<typeof destination>>;
/** `VirtualService.spec.http[].route[]`. */
export type HttpRouteDestination = DeepReadonly<z.infer<typeof routeDestination>>;
/** `VirtualService.spec.http[].headers`. */
export type HeaderRules = DeepReadonly<z.infer<typeof headers>>;
/** `VirtualService.spec.http[].retries`. */
export type RetryRules = DeepReadonly<z.infer<typeof retries>>;
/** `VirtualService.spec.http[].fault`. */
export type FaultRules = DeepReadonly<z.infer<typeof fault>>;
/** One way to match a text. */
export type StringMatch = DeepReadonly<z.infer<typeof stringMatch>>;
