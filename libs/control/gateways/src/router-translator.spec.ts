import { describe, expect, it } from "vitest";
import { SECRET_TYPE_URL, TYPE_URLS } from "@bookmesh/xds-api";
import { EDGE, gateway, http, https, resourcesOf, type Message } from "./testing/edge-world.ts";

const CREDENTIAL = { namespace: "istio-system", name: "book", certificateChain: "CHAIN", privateKey: "KEY" };

function chainsOf(listener: Message | undefined): readonly Message[] {
  return (listener?.["filter_chains"] ?? []) as readonly Message[];
}

describe("what a gateway gets", () => {
  it("is no listener where no Gateway selects it", () => {
    const other = {
      ...gateway("edge", [http("*")]),
      spec: { selector: { istio: "other" }, servers: [http("*")] },
    };
    expect(resourcesOf(TYPE_URLS.listener, { gateways: [other] })).toEqual({});
  });

  it("is a listener on the port to which its Service leads, with the routes of that port", () => {
    const listeners = resourcesOf(TYPE_URLS.listener, { gateways: [gateway("edge", [http("*")])] });
    expect(listeners).toMatchObject({
      "0.0.0.0_8080": {
        address: { socket_address: { address: "0.0.0.0", port_value: 8_080 } },
        filter_chains: [
          {
            filters: [
              {
                typed_config: {
                  stat_prefix: "outbound_0.0.0.0_8080",
                  rds: { route_config_name: "http.8080" },
                },
              },
            ],
          },
        ],
      },
    });
  });

  it("listens on the pod's own address where nothing is redirected", () => {
    const world = { gateways: [gateway("edge", [http("*")])] };
    const view = { ...EDGE, wildcards: [] };
    expect(Object.keys(resourcesOf(TYPE_URLS.listener, world, view))).toEqual(["10.244.0.9_8080"]);
  });

  it("is a chain for each encrypted server, by the names that clients ask for, with a secret by ADS", () => {
    const servers = [https("book", "a.example.com", "shop/*.b.example.com"), https("any", "*")];
    const listeners = resourcesOf(TYPE_URLS.listener, { gateways: [gateway("edge", servers)] });
    expect(listeners["0.0.0.0_8443"]).toMatchObject({
      listener_filters: [{ name: "envoy.filters.listener.tls_inspector" }],
    });
    const [named, any] = chainsOf(listeners["0.0.0.0_8443"]);
    expect(named).toMatchObject({
      filter_chain_match: { server_names: ["*.b.example.com", "a.example.com"] },
      filters: [{ typed_config: { rds: { route_config_name: "https.443.book.edge.default" } } }],
      transport_socket: {
        name: "envoy.transport_sockets.tls",
        typed_config: {
          require_client_certificate: false,
          common_tls_context: {
            tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
            tls_certificate_sds_secret_configs: [{ name: "kubernetes://book", sds_config: { ads: {} } }],
          },
        },
      },
    });
    expect(any).not.toHaveProperty("filter_chain_match");
  });

  it("is the certificates of its own namespace that its servers name and that can be used", () => {
    const servers = [https("book", "a.example.com"), https("bad", "b.example.com")];
    const credentials = [
      CREDENTIAL,
      { ...CREDENTIAL, name: "unnamed" },
      { ...CREDENTIAL, namespace: "default" },
      { namespace: "istio-system", name: "bad", problem: "does not exist" },
    ];
    const secrets = resourcesOf(SECRET_TYPE_URL, { gateways: [gateway("edge", servers)], credentials });
    expect(secrets).toEqual({
      "kubernetes://book": {
        "@type": SECRET_TYPE_URL,
        name: "kubernetes://book",
        tls_certificate: {
          certificate_chain: { inline_bytes: btoa("CHAIN") },
          private_key: { inline_bytes: btoa("KEY") },
        },
      },
    });
  });

  it("is the clusters of all services that its namespace sees", () => {
    expect(Object.keys(resourcesOf(TYPE_URLS.cluster, {}))).toEqual([
      "outbound|8080||book-service.default.svc.cluster.local",
      "outbound|80||istio-ingressgateway.istio-system.svc.cluster.local",
      "outbound|443||istio-ingressgateway.istio-system.svc.cluster.local",
      "BlackHoleCluster",
    ]);
  });
});
