import * as z from "zod";
import { stringMap, stringMatch, strings, type DeepReadonly } from "./parts.ts";

/** One condition of an HTTP route: all of its fields must hold. */
export const httpMatchRequest = z.strictObject({
  name: z.string().optional().describe("Added to the route's name in logs."),
  uri: stringMatch.optional().describe("The path, without the query."),
  ignoreUriCase: z.boolean().optional().describe("Compares exact and prefix paths without regard to case."),
  scheme: stringMatch.optional().describe("The URI's scheme."),
  method: stringMatch.optional().describe("The request's method."),
  authority: stringMatch.optional().describe("The Host header."),
  headers: z
    .record(z.string(), stringMatch)
    .optional()
    .describe("Headers, names in lower case; an empty match asks that the header is there."),
  withoutHeaders: z.record(z.string(), stringMatch).optional().describe("Headers that must not match."),
  queryParams: z.record(z.string(), stringMatch).optional().describe("Parameters of the query."),
  port: z.uint32().optional().describe("The port that the client asked for."),
  sourceLabels: stringMap.optional().describe("Labels that the calling pod must have."),
  sourceNamespace: z.string().optional().describe("Namespace of the calling pod."),
  gateways: strings.optional().describe("Gateways that the condition holds for; `mesh` means all sidecars."),
  statPrefix: z.string().optional().describe("Prefix of the statistics of this route."),
});

/** `VirtualService.spec.http[].match[]`. */
export type HttpMatchRequest = DeepReadonly<z.infer<typeof httpMatchRequest>>;
