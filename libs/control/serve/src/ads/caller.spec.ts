import { describe, expect, it } from "vitest";
import { checkCaller, parseNodeId } from "./caller.ts";

describe("parseNodeId", () => {
  it.each([
    {
      id: "sidecar~10.0.0.1~rating-1.default~default.svc.cluster.local",
      expected: { type: "sidecar", ip: "10.0.0.1", name: "rating-1", namespace: "default" },
    },
    {
      id: "sidecar~~test-1.istio-system~istio-system.svc.cluster.local",
      expected: { type: "sidecar", ip: "", name: "test-1", namespace: "istio-system" },
    },
    {
      id: "router~10.0.0.1~my.dotted.pod.books~books.svc.cluster.local",
      expected: { type: "router", ip: "10.0.0.1", name: "my.dotted.pod", namespace: "books" },
    },
  ])("reads $id", ({ id, expected }) => {
    expect(parseNodeId(id)).toEqual({ ok: true, value: expected });
  });

  it.each(["", "sidecar", "sidecar~ip~pod~domain", "a~b~c.d~e~f", `s~i~${"p".repeat(2_000)}.n~d`])(
    "refuses %j",
    (id) => {
      expect(parseNodeId(id).ok).toBe(false);
    },
  );
});

describe("checkCaller", () => {
  const node = { type: "sidecar", ip: "", name: "rating-1", namespace: "default" };
  const caller = { namespace: "default", serviceAccount: "rating", podName: "rating-1" };
  it.each([
    { name: "the pod itself", expected: true, caller, claimed: "rating" },
    { name: "a claim without service account", expected: true, caller, claimed: undefined },
    {
      name: "a tool of the namespace",
      expected: true,
      caller: { namespace: "default", serviceAccount: "rating" },
      claimed: "rating",
    },
    { name: "another namespace", expected: false, caller: { ...caller, namespace: "x" }, claimed: "rating" },
    { name: "another pod", expected: false, caller: { ...caller, podName: "x" }, claimed: "rating" },
    { name: "another service account", expected: false, caller, claimed: "admin" },
  ])("$name: $expected", ({ caller: who, claimed, expected }) => {
    expect(checkCaller(node, claimed, who).ok).toBe(expected);
  });
});
