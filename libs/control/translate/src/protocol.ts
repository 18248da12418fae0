import type { ServicePort } from "@bookmesh/kube-api";

/** What a port speaks, as far as proxies treat it differently. `auto` is found out from the first bytes. */
export type Protocol = "http" | "http2" | "tcp" | "tls" | "auto" | "udp";

const BY_WORD: Readonly<Record<string, Protocol>> = {
  http: "http",
  http2: "http2",
  grpc: "http2",
  "grpc-web": "http2",
  https: "tls",
  tls: "tls",
  tcp: "tcp",
  mongo: "tcp",
  mysql: "tcp",
  redis: "tcp",
  udp: "udp",
  "kubernetes.io/h2c": "http2",
  "kubernetes.io/ws": "http",
  "kubernetes.io/wss": "tls",
};

/**
 * The protocol of a service's port: `appProtocol`, else the word before the first "-" of its name.
 * Source: Istio, "Protocol selection".
 */
export function protocolOf({ protocol, appProtocol, name = "" }: ServicePort): Protocol {
  if (protocol === "UDP" || protocol === "SCTP") return "udp";
  const said = appProtocol === undefined ? undefined : BY_WORD[appProtocol.toLowerCase()];
  if (said !== undefined) return said;
  const lower = name.toLowerCase();
  if (lower === "grpc-web" || lower.startsWith("grpc-web-")) return "http2";
  const [word = ""] = lower.split("-");
  return BY_WORD[word] ?? "auto";
}
