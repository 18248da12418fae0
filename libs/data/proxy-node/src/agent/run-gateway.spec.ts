import { eventually } from "@bookmesh/testkit";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { fakeControlPlane } from "../ads/fake-control-plane.ts";
import { askAdmin } from "./ask-admin.ts";
import { readPodEnvironment } from "./pod-environment.ts";
import { startTestSidecar } from "./sidecar-fixture.ts";

const POD_ADDRESS = "127.16.77.2";

describe("a gateway that no Gateway selects", () => {
  it("introduces itself as a router and is ready without any listener", async () => {
    const controlPlane = await fakeControlPlane();
    const stop = new AbortController();
    const pod = readPodEnvironment(
      {
        POD_NAME: "istio-ingressgateway-1",
        POD_NAMESPACE: "istio-system",
        INSTANCE_IP: POD_ADDRESS,
        APPLICATION_ADDRESS_OFFSET: "0.128.0.0",
        MINIMUM_DRAIN_DURATION: "0s",
      },
      "router",
    );
    const gateway = await startTestSidecar(pod, controlPlane, stop.signal);
    try {
      controlPlane.push(TYPE_URLS.cluster, "1", []);
      controlPlane.push(TYPE_URLS.listener, "1", []);
      const health = {
        address: POD_ADDRESS,
        port: gateway.ports.health,
        method: "GET",
        path: "/healthz/ready",
      };
      await eventually(async () => expect((await askAdmin(health)).status).toBe(200));
      expect(controlPlane.heard[0]?.node?.id).toBe(
        `router~${POD_ADDRESS}~istio-ingressgateway-1.istio-system~istio-system.svc.cluster.local`,
      );
    } finally {
      stop.abort();
      await gateway.ended;
      controlPlane.close();
    }
  });
});
