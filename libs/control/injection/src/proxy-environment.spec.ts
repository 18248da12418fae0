import { describe, expect, it } from "vitest";
import { withOutboundProxy } from "./proxy-environment.ts";

const SIDECAR = "http://$(APPLICATION_ADDRESS):15007";

function environment(env: Readonly<Record<string, string>>, onLocalhost = false): Record<string, unknown> {
  const own = Object.entries(env).map(([name, value]) => ({ name, value }));
  const { env: all = [] } = withOutboundProxy({ name: "app", env: own }, onLocalhost);
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

describe("withOutboundProxy", () => {
  it("names the sidecar in both spellings", () => {
    expect(environment({})).toEqual({
      http_proxy: SIDECAR,
      HTTP_PROXY: SIDECAR,
      https_proxy: SIDECAR,
      HTTPS_PROXY: SIDECAR,
      NODE_USE_ENV_PROXY: "1",
    });
  });

  it("keeps what the container sets itself, in either spelling", () => {
    expect(environment({ HTTP_PROXY: "http://own:1", NODE_USE_ENV_PROXY: "0" })).toEqual({
      HTTP_PROXY: "http://own:1",
      NODE_USE_ENV_PROXY: "0",
      https_proxy: SIDECAR,
      HTTPS_PROXY: SIDECAR,
    });
  });

  it("says where localhost is outside of the local cluster, before it is used", () => {
    expect(Object.entries(environment({}, true))[0]).toEqual(["APPLICATION_ADDRESS", "127.0.0.1"]);
  });
});
