import { describe, expect, it } from "vitest";
import { compare } from "./report.ts";
import type { Sample } from "./rounds.ts";

const cpu = (subject: Sample["subject"], value: number): Sample => ({
  subject,
  scenario: "plain",
  metric: "cpu_us_per_request",
  value,
});

describe("compare", () => {
  it("takes the median of each side and their ratio", () => {
    const samples = [
      cpu("bookmesh", 30),
      cpu("bookmesh", 90),
      cpu("bookmesh", 24),
      cpu("nginx", 20),
      cpu("nginx", 28),
    ];
    expect(compare(samples)).toEqual([
      {
        scenario: "plain",
        metric: "cpu_us_per_request",
        subject: "bookmesh",
        value: 30,
        peer: "nginx",
        peerValue: 24,
        ratio: 1.25,
      },
    ]);
  });

  it("leaves out a peer that was not there", () => {
    expect(compare([cpu("bookmesh", 30)])).toEqual([]);
  });
});
