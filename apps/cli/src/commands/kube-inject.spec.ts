import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keptConsole, type Printed } from "../console-fixture.ts";
import { kubeInject, type KubeInjectOptions } from "./kube-inject.ts";

const SERVICE = `# A comment that stays.
apiVersion: v1
kind: Service
metadata: {name: shop}   # this one, too
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: books}
spec:
  template:
    metadata: {annotations: {}}
    spec:
      containers: [{name: shop, image: "shop:1"}]
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-inject-"));
  writeFileSync(join(folder, "mesh.yml"), "trustDomain: books.example\n");
  writeFileSync(join(folder, "values.json"), '{"images":{"proxy":"own/proxy:1"}}');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function inject(input: string, options: Partial<KubeInjectOptions> = {}): Promise<Printed> {
  const { io, printed } = keptConsole({ stdin: input });
  const files = { meshConfigFile: join(folder, "mesh.yml"), valuesFile: join(folder, "values.json") };
  await kubeInject(io, { filename: "-", ...files, ...options }).catch((error: unknown) => {
    io.stderr.write(String(error));
  });
  return printed();
}

describe("bookmesh kube-inject", () => {
  it("adds sidecars by the settings of the files, and leaves all else letter for letter", async () => {
    const { out } = await inject(`${SERVICE}---\n${DEPLOYMENT}---\n${SERVICE}`);
    const [first, second, third] = out.split("---\n");
    expect([first, third]).toEqual([SERVICE, SERVICE]);
    expect(second).toContain("image: own/proxy:1");
    expect(second).toContain("books.example");
    expect(second).toContain("namespaces/books/deployments/shop");
  });

  it("writes to a file", async () => {
    const output = join(folder, "out.yml");
    expect(await inject(SERVICE, { output })).toEqual({ out: "", err: "" });
    expect(readFileSync(output, "utf8")).toBe(SERVICE);
  });

  it.each([
    {
      name: "its node's network",
      from: "containers:",
      to: "hostNetwork: true\n      containers:",
      says: "hostNetwork",
    },
    {
      name: "an annotation that is not known",
      from: "{}",
      to: "{sidecar.istio.io/colour: red}",
      says: "colour",
    },
  ])("says so of a workload with $name", async ({ from, to, says }) => {
    const { out, err } = await inject(DEPLOYMENT.replace(from, to));
    expect(out).toContain("kind: Deployment");
    expect(err).toContain(`Deployment shop: `);
    expect(err).toContain(says);
  });

  it.each([
    {
      name: "an annotation that cannot be used",
      input: DEPLOYMENT.replace("{}", "{sidecar.istio.io/proxyCPU: much}"),
      says: "sidecar.istio.io/proxyCPU",
    },
    { name: "what is not YAML", input: "a: [", says: "is not YAML" },
    {
      name: "an unknown mesh setting",
      input: SERVICE,
      options: { meshConfigFile: "values.json" },
      says: "images",
    },
  ])("writes nothing for $name", async ({ input, options, says }) => {
    const named = options && { meshConfigFile: join(folder, options.meshConfigFile) };
    const { out, err } = await inject(input, named);
    expect(out).toBe("");
    expect(err).toContain(says);
  });
});
