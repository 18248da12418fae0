import { describe, expect, it } from "vitest";
import { RATING } from "./book-shop.ts";
import { simulate } from "./simulate.ts";

const V1 = {
  labels: { "app.kubernetes.io/name": "rating-service", "app.kubernetes.io/version": "v1.0.0" },
  podIp: "127.16.0.1",
  applicationAddress: "127.144.0.1",
};

describe("calls that come in", () => {
  it("meet a listener on the pod's IP and are passed to the application's address", () => {
    const { sidecar } = simulate(RATING, { from: V1 });
    const inbound = sidecar.listeners.find(({ direction }) => direction === "inbound");
    expect(inbound).toMatchObject({
      name: "127.16.0.1_8080",
      address: "127.16.0.1",
      port: 8080,
      isForwardProxy: false,
    });
    const application = sidecar.clusters.get("inbound|8080||");
    expect(application?.hosts.map(({ address, port }) => `${address}:${port}`)).toEqual(["127.144.0.1:8080"]);
  });

  it("reach the application whatever host they name, and are tried again only while nothing was sent", () => {
    const { sidecar } = simulate(RATING, { from: V1 });
    const routes = sidecar.listeners.find(({ direction }) => direction === "inbound")?.http?.routes;
    expect(routes?.findVirtualHost("anything.example")?.catchAll?.action).toMatchObject({
      kind: "forward",
      timeoutMs: 0,
      retry: { on: { resetBeforeRequest: true, serverError: false, connectFailure: false } },
    });
  });

  it("meet no listener where no service selects the pod", () => {
    const { sidecar } = simulate(RATING);
    expect(sidecar.listeners.map(({ name }) => name)).toEqual(["http_proxy"]);
  });
});
