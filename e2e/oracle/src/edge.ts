import type { Pod } from "@bookmesh/kube-api";
import type { ProxyView } from "@bookmesh/translate";
import { sliceOf, type Shop } from "./shop.ts";

const PLACE = { name: "edge", namespace: "istio-system" } as const;
const LABELS = { istio: "ingressgateway" };
const PORTS = [
  { name: "http", port: 80, targetPort: 8080 },
  { name: "https", port: 443, targetPort: 8443 },
] as const;

/** The gateway that every Gateway of the cases may select. */
export const ROUTER: ProxyView = {
  role: "router",
  namespace: PLACE.namespace,
  labels: LABELS,
  podIp: "10.9.9.10",
  applicationAddress: "127.0.0.1",
  wildcards: ["0.0.0.0"],
};

const POD: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { ...PLACE, labels: LABELS },
  spec: { containers: [{ name: "istio-proxy" }] },
  status: { phase: "Running", podIP: ROUTER.podIp },
};

/** What that gateway needs to be in the mesh. */
export const EDGE: Shop = {
  service: {
    apiVersion: "v1",
    kind: "Service",
    metadata: PLACE,
    spec: { clusterIP: "172.31.0.1", selector: LABELS, ports: PORTS },
  },
  pods: [POD],
  slice: sliceOf(PLACE, PORTS, [POD]),
};
