import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ARTICLE, bookmesh, control, readList } from "./harness/mesh.ts";

/** The names of objects that belong to the mesh, in all namespaces. */
async function meshNames(kinds: string): Promise<readonly string[]> {
  const items = await readList(["get", kinds, "--all-namespaces"]);
  return items.map(({ metadata }) => metadata.name).filter((name) => /istio/.test(name));
}

describe("Removing the mesh", () => {
  it("keeps the kinds with all rules where it is asked to", async () => {
    await control("apply", "-f", join(ARTICLE, "virtual-service-v1.yml"));
    await bookmesh("uninstall", "--keep-crds", "-y");
    const rules = await readList(["get", "virtualservices", "-n", "default"]);
    expect(rules.map(({ metadata }) => metadata.name)).toEqual(["rating"]);
    expect(await meshNames("mutatingwebhookconfigurations,validatingwebhookconfigurations")).toEqual([]);
    expect(await meshNames("deployments,clusterroles,clusterrolebindings")).toEqual([]);
  });

  it("is installed over what was kept, twice as strong in profile default [B1]", async () => {
    await bookmesh("install", "-y");
    const pods = await readList(["get", "pods", "-n", "istio-system", "-l", "app=istiod"]);
    expect(pods).toHaveLength(2);
    expect(await bookmesh("verify-install", "--set", "profile=default")).toContain(
      "✔ Istio is installed and verified successfully",
    );
  });

  it("leaves no object behind", async () => {
    expect(await bookmesh("uninstall", "-y")).toContain("✔ Uninstall complete");
    for (const kinds of [
      "namespaces,customresourcedefinitions",
      "mutatingwebhookconfigurations,validatingwebhookconfigurations",
      "clusterroles,clusterrolebindings,roles,rolebindings",
      "configmaps,secrets,serviceaccounts,services,deployments",
    ]) {
      expect(await meshNames(kinds), kinds).toEqual([]);
    }
    expect(await bookmesh("uninstall", "-y")).toBe("There is no mesh to remove.\n");
  });
});
