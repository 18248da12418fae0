import { describe, expect, it } from "vitest";
import type { MeshSnapshot } from "@bookmesh/translate";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { gateway, http, https, resourcesOf, rule } from "./testing/edge-world.ts";

interface Host {
  readonly name: string;
  readonly domains: readonly string[];
  readonly require_tls?: string;
  readonly routes?: readonly {
    readonly match: object;
    readonly route?: { readonly cluster: string };
    readonly redirect?: object;
  }[];
}

function hostsOf(world: Partial<MeshSnapshot>, name = "http.8080"): readonly Host[] {
  return (resourcesOf(TYPE_URLS.route, world)[name]?.["virtual_hosts"] ?? []) as readonly Host[];
}

const domains = (hosts: readonly Host[]) => hosts.map((host) => host.domains);
const OPEN = gateway("edge", [http("*")]);

describe("routes of a gateway", () => {
  it("are those of the VirtualServices that name the Gateway, whatever port the client writes", () => {
    const world = { gateways: [OPEN], virtualServices: [rule(["book.example.com"])] };
    expect(hostsOf(world)).toMatchObject([
      {
        name: "book.example.com:80",
        domains: ["book.example.com"],
        routes: [{ route: { cluster: "outbound|8080||book-service.default.svc.cluster.local" } }],
      },
    ]);
    expect(resourcesOf(TYPE_URLS.route, world)["http.8080"]).toMatchObject({
      ignore_port_in_host_matching: true,
    });
  });

  it.each([
    {
      name: "the server's narrower host",
      server: ["a.example.com"],
      hosts: ["*.example.com"],
      domains: ["a.example.com"],
    },
    {
      name: "the rule's narrower host",
      server: ["*.example.com"],
      hosts: ["a.example.com"],
      domains: ["a.example.com"],
    },
    {
      name: "a wildcard of both",
      server: ["*.example.com"],
      hosts: ["*.example.com"],
      domains: ["*.example.com"],
    },
    { name: "every host of both", server: ["*"], hosts: ["*"], domains: ["*"] },
    {
      name: "a short name as the rule's own service",
      server: ["*"],
      hosts: ["book-service"],
      domains: ["book-service.default.svc.cluster.local"],
    },
    {
      name: "a host of the rule's namespace",
      server: ["./a.example.com"],
      hosts: ["a.example.com"],
      domains: ["a.example.com"],
    },
    {
      name: "a host of every namespace",
      server: ["*/a.example.com"],
      hosts: ["a.example.com"],
      domains: ["a.example.com"],
    },
  ])("take $name", ({ server, hosts, domains: wanted }) => {
    const world = { gateways: [gateway("edge", [http(...server)])], virtualServices: [rule(hosts)] };
    expect(domains(hostsOf(world))).toEqual([wanted]);
  });

  it.each([
    { name: "hosts have nothing in common", server: ["a.example.com"], gateways: ["edge"] },
    { name: "the server is for another namespace", server: ["shop/*"], gateways: ["edge"] },
    { name: "the rule names another Gateway", server: ["*"], gateways: ["other"] },
    { name: "the rule is for sidecars alone", server: ["*"], gateways: ["mesh"] },
    { name: "the rule names a Gateway of its own namespace", server: ["*"], gateways: ["shop/edge"] },
  ])("are none where $name: every call gets 404", ({ server, gateways }) => {
    const virtualServices = [rule(["b.example.com"], undefined, gateways)];
    const world = { gateways: [gateway("edge", [http(...server)])], virtualServices };
    expect(hostsOf(world)).toEqual([
      { name: "blackhole:80", domains: ["*"], include_request_attempt_count: true },
    ]);
  });

  it("are told apart by the Gateway and the port that a condition names", () => {
    const to = (prefix: string, match: object) => ({
      match: [{ uri: { prefix }, ...match }],
      route: [{ destination: { host: "book-service" } }],
    });
    const routes = [
      to("/here", { gateways: ["edge"] }),
      to("/elsewhere", { gateways: ["mesh"] }),
      to("/port", { port: 80 }),
      to("/other-port", { port: 443 }),
    ];
    const world = { gateways: [OPEN], virtualServices: [rule(["a.example.com"], routes, ["edge", "mesh"])] };
    expect(hostsOf(world)[0]?.routes?.map(({ match }) => match)).toMatchObject([
      { prefix: "/here" },
      { prefix: "/port" },
    ]);
  });

  it("join several rules of one host, and try last what matches everything", () => {
    const everything = rule(["a.example.com"]);
    const part = rule(
      ["a.example.com", "b.example.com"],
      [{ match: [{ uri: { prefix: "/part" } }], redirect: { uri: "/" } }],
    );
    const hosts = hostsOf({ gateways: [OPEN], virtualServices: [everything, part] });
    expect(hosts[0]?.routes?.map(({ match }) => match)).toMatchObject([{ prefix: "/part" }, { prefix: "/" }]);
  });

  it("share a virtual host where hosts have the same routes", () => {
    const world = { gateways: [OPEN], virtualServices: [rule(["b.example.com", "a.example.com"])] };
    expect(domains(hostsOf(world))).toEqual([["a.example.com", "b.example.com"]]);
  });

  it("send clients to https where the server says so, also those of hosts without a rule", () => {
    const server = { ...http("a.example.com", "b.example.com"), tls: { httpsRedirect: true } };
    const world = { gateways: [gateway("edge", [server])], virtualServices: [rule(["a.example.com"])] };
    expect(hostsOf(world).map(({ name, require_tls }) => [name, require_tls])).toEqual([
      ["a.example.com:80", "ALL"],
      ["b.example.com:80", "ALL"],
    ]);
  });

  it("are each encrypted server's own", () => {
    const servers = [https("one", "a.example.com"), https("two", "b.example.com")];
    const world = {
      gateways: [gateway("edge", servers)],
      virtualServices: [rule(["a.example.com", "b.example.com"])],
    };
    expect(domains(hostsOf(world, "https.443.one.edge.default"))).toEqual([["a.example.com"]]);
    expect(domains(hostsOf(world, "https.443.two.edge.default"))).toEqual([["b.example.com"]]);
  });
});
