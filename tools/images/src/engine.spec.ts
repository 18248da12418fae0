import { describe, expect, it } from "vitest";
import { fullReference } from "./engine.ts";

describe("fullReference", () => {
  it.each([
    { reference: "bookmesh/sidecar-proxy:0.1.0", expected: "docker.io/bookmesh/sidecar-proxy:0.1.0" },
    { reference: "sidecar-proxy:0.1.0", expected: "docker.io/sidecar-proxy:0.1.0" },
    { reference: "ghcr.io/bookmesh/sidecar-proxy:0.1.0", expected: "ghcr.io/bookmesh/sidecar-proxy:0.1.0" },
    { reference: "localhost/sidecar-proxy:0.1.0", expected: "localhost/sidecar-proxy:0.1.0" },
    { reference: "registry:5000/sidecar-proxy:0.1.0", expected: "registry:5000/sidecar-proxy:0.1.0" },
  ])("makes $expected of $reference", ({ reference, expected }) => {
    expect(fullReference(reference)).toBe(expected);
  });
});
