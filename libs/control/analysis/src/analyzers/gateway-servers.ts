import { gatewayFindings } from "@bookmesh/gateways";
import { RESOURCES } from "@bookmesh/kube-api";
import type { Gateway } from "@bookmesh/mesh-api";
import { analyzerOf } from "../analyzer.ts";

/** Finds servers of Gateways that are not served, and Secrets that cannot be used. */
export const gatewayServers = analyzerOf<Gateway>([RESOURCES.gateways], {
  name: "gateway.IngressGatewayPortAnalyzer",
  description:
    "Checks that a gateway's pods serve what a Gateway asks of them, with the Secrets that it names.",
  codes: ["IST0101", "IST0162", "IST0145"],
  examine: (gateway, { index }) => gatewayFindings(gateway, index),
});
