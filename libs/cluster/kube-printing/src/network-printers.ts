import type { KubeObject } from "@bookmesh/kube-api";
import { at, listOf, numberOf, objectsOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { AGE, formatLabels, NAME, NONE, printerOf, shortList } from "./cells.ts";

/** Services: addresses and ports as `8080:31304/TCP`. */
export const SERVICE_PRINTER = printerOf([
  NAME,
  { name: "Type", value: (service) => textOf(at(service, "spec", "type")) },
  { name: "Cluster-IP", value: (service) => textOf(listOf(at(service, "spec", "clusterIPs"))[0]) || NONE },
  { name: "External-IP", value: externalAddresses },
  { name: "Port(s)", value: servicePorts },
  AGE,
  { name: "Selector", wide: true, value: (service) => formatLabels(at(service, "spec", "selector")) },
]);

/** EndpointSlices. */
export const ENDPOINT_SLICE_PRINTER = printerOf([
  NAME,
  { name: "AddressType", value: (slice) => textOf(slice["addressType"]) },
  {
    name: "Ports",
    value: (slice) => shortList(objectsOf(slice["ports"]).map(slicePort), "<unset>"),
  },
  {
    name: "Endpoints",
    value: (slice) =>
      shortList(
        objectsOf(slice["endpoints"]).flatMap((endpoint) => listOf(endpoint["addresses"]).map(textOf)),
        "<unset>",
      ),
  },
  AGE,
]);

/** Endpoints. */
export const ENDPOINTS_PRINTER = printerOf([
  NAME,
  {
    name: "Endpoints",
    value: (endpoints) => shortList(objectsOf(endpoints["subsets"]).flatMap(subsetAddresses), NONE),
  },
  AGE,
]);

function externalAddresses(service: KubeObject): string {
  const external = listOf(at(service, "spec", "externalIPs")).map(textOf);
  switch (at(service, "spec", "type")) {
    case "ExternalName":
      return textOf(at(service, "spec", "externalName"));
    case "LoadBalancer": {
      const ingress = objectsOf(at(service, "status", "loadBalancer", "ingress")).map(
        (entry) => textOf(entry["ip"]) || textOf(entry["hostname"]),
      );
      return [...new Set([...ingress, ...external])].join(",") || "<pending>";
    }
    default:
      return external.join(",") || NONE;
  }
}

function servicePorts(service: KubeObject): string {
  const ports = objectsOf(at(service, "spec", "ports")).map((port) => {
    const nodePort = numberOf(port["nodePort"]);
    const numbers = nodePort > 0 ? `${numberOf(port["port"])}:${nodePort}` : `${numberOf(port["port"])}`;
    return `${numbers}/${textOf(port["protocol"])}`;
  });
  return ports.join(",") || NONE;
}

function slicePort(port: JsonObject): string {
  if (typeof port["port"] === "number") return `${port["port"]}`;
  return textOf(port["name"]) || "*";
}

function subsetAddresses(subset: JsonObject): readonly string[] {
  const addresses = objectsOf(subset["addresses"]).map(({ ip }) => textOf(ip));
  const ports = objectsOf(subset["ports"]).map(({ port }) => numberOf(port));
  if (ports.length === 0) return addresses;
  return ports.flatMap((port) => addresses.map((address) => `${address}:${port}`));
}
