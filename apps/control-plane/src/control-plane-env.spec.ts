import { describe, expect, it } from "vitest";
import { controlPlaneEnv } from "./control-plane-env.ts";

describe("controlPlaneEnv", () => {
  it("has a default for everything", () => {
    expect(controlPlaneEnv({})).toEqual({
      identity: {
        podName: "istiod",
        namespace: "istio-system",
        clusterId: "Kubernetes",
        revision: "default",
        version: "0.1.0",
      },
      addresses: { host: "0.0.0.0", xdsPort: 15_012, webhookPort: 15_017, monitoringPort: 15_014 },
      drainMs: 3_000,
    });
  });

  it.each([
    { name: "everywhere on Kubernetes", env: {}, host: "0.0.0.0" },
    { name: "everywhere in a pod with IPv6", env: { INSTANCE_IP: "fd00::7" }, host: "::" },
    {
      name: "on the pod's address in the local cluster",
      env: { APPLICATION_ADDRESS: "127.16.0.2" },
      host: "127.16.0.2",
    },
    {
      name: "where it is told",
      env: { APPLICATION_ADDRESS: "127.16.0.2", BIND_ADDRESS: "127.0.0.9" },
      host: "127.0.0.9",
    },
  ])("listens $name", ({ env, host }) => {
    expect(controlPlaneEnv(env).addresses.host).toBe(host);
  });
});
