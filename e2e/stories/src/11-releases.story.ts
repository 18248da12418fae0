import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  byVersion,
  call,
  calls,
  prescribe,
  seenBy,
  sickWardClosed,
  sickWardOpen,
  withdraw,
} from "./harness/sick-ward.ts";

const to = (subset: string, weight?: number) => ({
  destination: { host: "patient", subset },
  ...(weight !== undefined && { weight }),
});

const SUBSETS = {
  host: "patient",
  subsets: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
};

describe("Releases: A/B, blue/green, shadows", () => {
  beforeAll(async () => {
    await sickWardOpen();
    await prescribe("DestinationRule", SUBSETS);
  });
  afterAll(sickWardClosed);

  it.each([
    { by: "header", match: { "x-reader": { exact: "tester" } }, headers: { "x-reader": "tester" } },
    {
      by: "cookie",
      match: { cookie: { regex: "^(.*;\\s*)?group=beta(;.*)?$" } },
      headers: { cookie: "theme=dark; group=beta" },
    },
    {
      by: "user agent",
      match: { "user-agent": { regex: ".*Firefox.*" } },
      headers: { "user-agent": "Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/143.0" },
    },
  ])("tells readers apart by $by [B9]", async ({ match, headers }) => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [{ match: [{ headers: match }], route: [to("v2")] }, { route: [to("v1")] }],
    });
    await eventually(async () => {
      expect(byVersion(await calls(20, "/", { headers }))).toEqual({ v2: 20 });
      expect(byVersion(await calls(20, "/"))).toEqual({ v1: 20 });
    });
  });

  it("tells callers apart by their labels [B9]", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [
        { match: [{ sourceLabels: { app: "somebody-else" } }], route: [to("v1")] },
        { match: [{ sourceLabels: { app: "relay" } }], route: [to("v2")] },
        { route: [to("v1")] },
      ],
    });
    await eventually(async () => expect(byVersion(await calls(20, "/"))).toEqual({ v2: 20 }));
  });

  it("switches from blue to green at once, and back, without a failed call [B9]", async () => {
    const everythingTo = (version: string) =>
      prescribe("VirtualService", { hosts: ["patient"], http: [{ route: [to(version)] }] });
    await everythingTo("v1");
    await eventually(async () => expect(byVersion(await calls(20, "/"))).toEqual({ v1: 20 }));
    const [during] = await Promise.all([calls(400, "/"), everythingTo("v2")]);
    expect(byVersion(during)["none"]).toBeUndefined();
    await eventually(async () => expect(byVersion(await calls(20, "/"))).toEqual({ v2: 20 }));
    await everythingTo("v1");
    await eventually(async () => expect(byVersion(await calls(20, "/"))).toEqual({ v1: 20 }));
  });

  it("mirrors half of the calls; the caller sees nothing of the shadow, not even its failure [B9]", async () => {
    const PATH = "/status/200?mirrored";
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [
        {
          route: [to("v1")],
          mirrors: [{ destination: { host: "patient", subset: "v2" }, percentage: { value: 50 } }],
        },
      ],
    });
    await eventually(async () => {
      await call("/warm-up");
      expect((await seenBy("v2")).arrived["/warm-up"]).toBeGreaterThan(0);
    });
    const CALLS = 1_000;
    const replies = await calls(CALLS, PATH);
    expect(replies.filter(({ status, body }) => status !== 200 || body !== "status 200")).toEqual([]);
    expect((await seenBy("v1")).arrived[PATH]).toBe(CALLS);
    await eventually(async () => {
      const shadows = (await seenBy("v2")).arrived[PATH] ?? 0;
      // 4.4 standard deviations around a half
      expect(shadows).toBeGreaterThan(430);
      expect(shadows).toBeLessThan(570);
    });
  });

  it("keeps a shadow that never answers away from the caller [B9]", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [{ route: [to("v1")], mirrors: [{ destination: { host: "patient", subset: "v2" } }] }],
    });
    const PATH = "/never?shadow";
    const replies = await calls(50, PATH, { headers: { "x-ill": "v2" } });
    expect(byVersion(replies)).toEqual({ v1: 50 });
    await eventually(async () => expect((await seenBy("v2")).arrived[PATH]).toBeGreaterThan(0));
  });

  it("goes back to both versions when the rules are withdrawn", async () => {
    await withdraw();
    await eventually(async () =>
      expect(Object.keys(byVersion(await calls(20, "/"))).sort()).toEqual(["v1", "v2"]),
    );
  });
});
