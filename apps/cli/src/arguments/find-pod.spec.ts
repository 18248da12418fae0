import type { Pod } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { defaultContainer, defaultedNotice } from "./find-pod.ts";

function pod(names: readonly string[], annotated?: string): Pod {
  const annotations = { "kubectl.kubernetes.io/default-container": annotated ?? "" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", ...(annotated !== undefined && { annotations }) },
    spec: { containers: names.map((name) => ({ name, image: name })) },
  };
}

describe("defaultContainer", () => {
  it.each([
    { name: "the only one", of: pod(["a"]), expected: "a", notice: undefined },
    { name: "the annotated one", of: pod(["a", "b"], "b"), expected: "b", notice: undefined },
    {
      name: "the first, and says so",
      of: pod(["a", "b"]),
      expected: "a",
      notice: 'Defaulted container "a" out of: a, b',
    },
    {
      name: "the first where the annotation names none",
      of: pod(["a", "b"], "c"),
      expected: "a",
      notice: 'Defaulted container "a" out of: a, b',
    },
  ])("takes $name", ({ of, expected, notice }) => {
    expect(defaultContainer(of)).toBe(expected);
    expect(defaultedNotice(of)).toBe(notice);
  });
});
