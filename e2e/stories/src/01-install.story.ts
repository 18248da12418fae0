import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { bookmesh, control, podNames, readList, tryBookmesh } from "./harness/mesh.ts";

describe("Installing the mesh", () => {
  beforeAll(() => control("get", "namespaces"));

  it("finds nothing in the way of an installation", async () => {
    expect(await bookmesh("x", "precheck")).toContain("✔ No issues found");
  });

  it("installs the demo profile and prints a check mark for each component that it has [B1]", async () => {
    const printed = await bookmesh("install", "--set", "profile=demo", "-y");
    const marks = printed.split("\n").filter((line) => line.includes("✔"));
    expect(marks.map((line) => line.trim())).toEqual([
      "✔ Istio core installed",
      "✔ Istiod installed",
      "✔ Egress gateways installed",
      "✔ Ingress gateways installed",
      "✔ Installation complete",
    ]);
  });

  it("lists istiod and the gateways among the pods of istio-system [F5]", async () => {
    const [head, ...pods] = (await control("get", "pods", "-n", "istio-system")).trimEnd().split("\n");
    expect(head).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE$/);
    const running = (name: string) =>
      expect.stringMatching(`^${name}-\\S+\\s+1/1\\s+Running\\s+0\\s+\\S+$`) as unknown;
    expect(pods).toEqual(["istio-egressgateway", "istio-ingressgateway", "istiod"].map(running));
  });

  it("verifies what it has installed", async () => {
    expect(await bookmesh("verify-install", "--set", "profile=demo")).toContain(
      "✔ Istio is installed and verified successfully",
    );
  });

  it("changes nothing when it is installed a second time [B1]", async () => {
    const versions = async () => {
      const parts = "deployments,services,configmaps,serviceaccounts,roles,rolebindings";
      const wide =
        "customresourcedefinitions,clusterroles,clusterrolebindings," +
        "mutatingwebhookconfigurations,validatingwebhookconfigurations";
      const items = [
        ...(await readList(["get", parts, "-n", "istio-system"])),
        ...(await readList(["get", wide, "-l", "istio.io/rev=default"])),
      ];
      return items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).toSorted();
    };
    const before = await versions();
    await bookmesh("install", "--set", "profile=demo", "-y");
    expect(await versions()).toEqual(before);
  });

  it("refuses a profile that does not exist", async () => {
    const { code, stderr } = await tryBookmesh(["install", "--set", "profile=gold", "-y"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("gold");
  });

  it("refuses a setting that does not exist, and names the nearest", async () => {
    const { code, stderr } = await tryBookmesh(["install", "--set", "values.pilot.replicas=3", "-y"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      "values.pilot.replicas: is not a setting; the nearest is values.pilot.replicaCount",
    );
  });

  it("changes nothing where the cluster would refuse a part of it", async () => {
    const monitors = "values.global.serviceMonitor.enabled=true";
    const { code, stderr } = await tryBookmesh(["install", "--set", monitors, "-y"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("nothing was changed");
    expect(stderr).toContain(
      "ServiceMonitor istio-system/istiod needs a kind that the cluster does not have",
    );
  });

  it("labels the namespace as the article does", async () => {
    const printed = await control("label", "namespace", "default", "istio-injection=enabled");
    expect(printed).toBe("namespace/default labeled\n");
  });

  it("brings istiod back when it is killed", async () => {
    const [istiod] = await podNames("app=istiod", "istio-system");
    expect(istiod).toBeDefined();
    await control("delete", "pod", "-n", "istio-system", istiod ?? "");
    await eventually(
      async () => {
        const pods = await readList(["get", "pods", "-n", "istio-system", "-l", "app=istiod"]);
        expect(pods.map(({ status }) => status?.containerStatuses?.[0]?.ready)).toEqual([true]);
      },
      { timeoutMs: 30_000, intervalMs: 250 },
    );
  });
});
