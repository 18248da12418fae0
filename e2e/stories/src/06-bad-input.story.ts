import { beforeAll, describe, expect, it } from "vitest";
import { articleDeployed, control, ratings, tryControl } from "./harness/mesh.ts";

const virtualService = (spec: string) => `apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: wrong
  namespace: default
spec:
  hosts: [rating]
  http:
${spec}`;

describe("Bad input", () => {
  beforeAll(articleDeployed);

  it.each([
    {
      name: "an unknown field",
      manifest: virtualService("  - rout:\n    - destination: { host: rating }\n"),
      says: 'VirtualService in version "v1alpha3" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.http[0].rout"',
    },
    {
      name: "a wrong type",
      manifest: virtualService('  - route:\n    - destination: { host: rating }\n      weight: "many"\n'),
      says: "spec.http[0].route[0].weight",
    },
    {
      name: "a negative weight",
      manifest: virtualService("  - route:\n    - destination: { host: rating }\n      weight: -1\n"),
      says: "weight",
    },
    {
      name: "weights that sum up to 0",
      manifest: virtualService(
        "  - route:\n    - destination: { host: rating }\n      weight: 0\n    - destination: { host: rating, subset: a }\n      weight: 0\n",
      ),
      says: "weight",
    },
    {
      name: "a field that is not honoured yet",
      manifest: virtualService("  - route:\n    - destination: { host: rating }\n    corsPolicy: {}\n"),
      says: "corsPolicy",
    },
    {
      name: "an unknown kind",
      manifest: "apiVersion: v1\nkind: Wrong\nmetadata: { name: wrong }\n",
      says: "Wrong",
    },
    { name: "broken YAML", manifest: "a: [", says: "" },
  ])("refuses $name and changes nothing [B10]", async ({ manifest, says }) => {
    const { code, stderr } = await tryControl(["apply", "-f", "-"], manifest);
    expect(code).not.toBe(0);
    expect(stderr).toContain(says);
    const found = await tryControl(["get", "virtualservice", "wrong", "-n", "default"]);
    expect(found.code).not.toBe(0);
    expect(found.stderr).toContain('virtualservices.networking.istio.io "wrong" not found');
  });

  it("names a missing object as Kubernetes does", async () => {
    const { code, stderr } = await tryControl(["get", "pod", "nobody", "-n", "default"]);
    expect([code, stderr]).toEqual([1, 'Error from server (NotFound): pods "nobody" not found\n']);
  });

  it("goes on serving all the while", async () => {
    expect(await ratings(4)).not.toContain("503");
    expect(await control("get", "virtualservices", "-A")).toBe("");
  });
});
