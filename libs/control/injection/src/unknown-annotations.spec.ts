import { describe, expect, it } from "vitest";
import { unknownAnnotations } from "./unknown-annotations.ts";

describe("unknownAnnotations", () => {
  it.each([
    { annotation: "traffic.sidecar.istio.io/excludeOutboundPorts", isKnown: true },
    { annotation: "traffic.sidecar.istio.io/excludeOutboundPort", isKnown: false },
    { annotation: "sidecar.istio.io/inject", isKnown: true },
    { annotation: "sidecar.istio.io/logLevel", isKnown: false },
    { annotation: "prometheus.io/port", isKnown: true },
    { annotation: "example.com/anything", isKnown: true },
  ])("looks at $annotation", ({ annotation, isKnown }) => {
    const metadata = { name: "app-1", annotations: { [annotation]: "x" } };
    const warnings = unknownAnnotations({
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { containers: [] },
    });
    expect(warnings).toEqual(isKnown ? [] : [`Annotation ${annotation} is not known and changes nothing.`]);
  });
});
