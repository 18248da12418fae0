import { describe, expect, it } from "vitest";
import { installValues } from "./install-values.ts";

describe("installValues", () => {
  it.each([
    {
      name: "takes profile default where none is named",
      settings: [],
      expected: { defaultLoadBalancer: "LEAST_REQUEST", nativeSidecars: true },
    },
    {
      name: "balances in turn, and logs, in the profile of the article",
      settings: ["profile=demo"],
      expected: {
        defaultLoadBalancer: "ROUND_ROBIN",
        nativeSidecars: false,
        accessLogFile: "/dev/stdout",
      },
    },
    {
      name: "lets a setting win over its profile, wherever it stands",
      settings: ["meshConfig.defaultLoadBalancer=LEAST_REQUEST", "profile=demo"],
      expected: { defaultLoadBalancer: "LEAST_REQUEST" },
    },
    {
      name: "knows hub and tag where Istio's charts have them",
      settings: ["values.global.hub=a", "values.global.tag=b"],
      expected: { hub: "a", tag: "b" },
    },
    {
      name: "lets the last of two win",
      settings: ["profile=demo", "hub=a", "hub=b", "profile=minimal"],
      expected: { hub: "b", articleImages: false },
    },
  ])("$name", ({ settings, expected }) => {
    expect(installValues(settings)).toMatchObject({ ok: true, value: expected });
  });

  it.each([
    { setting: "profile=huge", problem: 'must be one of demo, default, minimal, not "huge"' },
    { setting: "profile", problem: "has no value; write path=value" },
    { setting: "hub=", problem: 'must be a registry and folder as ghcr.io/bookmesh, not ""' },
    {
      setting: "meshConfig.defaultLoadBalancer=BEST",
      problem: 'must be one of ROUND_ROBIN, LEAST_REQUEST, RANDOM, not "BEST"',
    },
    {
      setting: "values.pilot.replicaCount=0",
      problem: 'must be a whole number from 1 on, not "0"',
    },
    {
      setting: "values.pilot.replicacount=2",
      problem: "is not a setting; the nearest is values.pilot.replicaCount",
    },
    {
      setting: "meshConfig.accesslog=/x",
      problem: "is not a setting; the nearest is meshConfig.accessLogFile",
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
