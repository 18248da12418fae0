import type { KubeObject } from "@bookmesh/kube-api";
import * as z from "zod";
import { destination, httpRoute } from "./http-route.ts";
import { stringMap, strings, type DeepReadonly } from "./parts.ts";

const weightedDestination = z.strictObject({
  destination,
  weight: z.int32().min(0).optional().describe("Share of the connections."),
});

const layer4Match = {
  destinationSubnets: strings.optional().describe("Destination addresses, in CIDR form."),
  port: z.uint32().optional().describe("The port that the client asked for."),
  sourceLabels: stringMap.optional().describe("Labels that the calling pod must have."),
  sourceNamespace: z.string().optional().describe("Namespace of the calling pod."),
  gateways: strings.optional().describe("Gateways that the condition holds for."),
};

const tlsRoute = z.strictObject({
  match: z
    .array(z.strictObject({ ...layer4Match, sniHosts: strings.describe("Server names.") }))
    .describe("One of these must hold."),
  route: z.array(weightedDestination).optional().describe("Where the connection goes, by weight."),
});

const tcpRoute = z.strictObject({
  match: z
    .array(
      z.strictObject({ ...layer4Match, sourceSubnet: z.string().optional().describe("Source addresses.") }),
    )
    .optional()
    .describe("One of these must hold."),
  route: z.array(weightedDestination).optional().describe("Where the connection goes, by weight."),
});

/** `VirtualService.spec`. */
export const virtualServiceSpec = z
  .strictObject({
    hosts: strings
      .optional()
      .describe("The hosts whose calls are routed; short names are of this namespace."),
    gateways: strings
      .optional()
      .describe("Where the rule holds; `mesh`, also where absent: in all sidecars."),
    http: z.array(httpRoute).optional().describe("Routes for HTTP, in their order: the first that matches."),
    tls: z.array(tlsRoute).optional().describe("Routes for TLS connections that are passed through."),
    tcp: z.array(tcpRoute).optional().describe("Routes for other connections."),
    exportTo: strings.optional().describe("Namespaces that see the rule: `*` all, `.` its own."),
  })
  .describe("Routes the calls to hosts.");

/** `VirtualService.spec`. Source: Istio API, `networking.istio.io`. */
export type VirtualServiceSpec = DeepReadonly<z.infer<typeof virtualServiceSpec>>;

/** A rule that routes the calls to hosts. */
export interface VirtualService extends KubeObject {
  readonly kind: "VirtualService";
  readonly spec: VirtualServiceSpec;
}
