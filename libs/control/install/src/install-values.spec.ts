import { describe, expect, it } from "vitest";
import { installValues } from "./install-values.ts";

describe("installValues", () => {
  it.each([
    {
      name: "takes profile default where none is named",
      settings: [],
      expected: { profile: "default", defaultLoadBalancer: "LEAST_REQUEST", nativeSidecars: true },
    },
    {
      name: "balances in turn, and logs, in the profile of the article",
      settings: ["profile=demo"],
      expected: {
        profile: "demo",
        defaultLoadBalancer: "ROUND_ROBIN",
        nativeSidecars: false,
        accessLogFile: "/dev/stdout",
      },
    },
    {
      name: "lets a setting win over its profile, wherever it stands",
      settings: ["meshConfig.defaultLoadBalancer=LEAST_REQUEST", "profile=demo"],
      expected: { profile: "demo", defaultLoadBalancer: "LEAST_REQUEST" },
    },
    {
      name: "lets the last of two win",
      settings: ["profile=demo", "hub=a", "hub=b", "profile=minimal"],
      expected: { profile: "minimal", hub: "b", imageOverrides: {} },
    },
  ])("$name", ({ settings, expected }) => {
    expect(installValues(settings)).toMatchObject({ ok: true, value: expected });
  });

  it("runs our images of the same versions under the article's names in profile demo, whatever tag the mesh has", () => {
    expect(installValues(["profile=demo", "hub=mine", "tag=7"])).toMatchObject({
      value: {
        imageOverrides: {
          "quay.io/lordofthejars/book-service:v1.0.0": "mine/book-service:v1.0.0",
          "quay.io/lordofthejars/rating-service:v1.0.0": "mine/rating-service:v1.0.0",
          "quay.io/lordofthejars/rating-service:v2.0.0": "mine/rating-service:v2.0.0",
        },
      },
    });
  });

  it.each([
    { setting: "profile=huge", problem: 'must be one of demo, default, minimal, not "huge"' },
    { setting: "profile", problem: "has no value; write path=value" },
    { setting: "hub=", problem: "must not be empty" },
    {
      setting: "meshConfig.defaultLoadBalancer=BEST",
      problem: 'must be one of ROUND_ROBIN, LEAST_REQUEST, not "BEST"',
    },
  ])("refuses $setting", ({ setting, problem }) => {
    expect(installValues([setting])).toMatchObject({ ok: false, error: [{ problem }] });
  });

  it("names the known settings to whoever asks for another, also for names of Object.prototype", () => {
    expect(installValues(["constructor=1", "x=2"])).toMatchObject({
      ok: false,
      error: [
        { path: "constructor", problem: expect.stringContaining("known are profile, hub") as string },
        { path: "x" },
      ],
    });
  });
});
