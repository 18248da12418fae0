import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  ARTICLE,
  articleDeployed,
  bookmesh,
  control,
  readList,
  ruleStatus,
  TARGET,
  tryControl,
} from "./harness/mesh.ts";

/** The names of objects that belong to the mesh, in all namespaces. */
async function meshNames(kinds: string): Promise<readonly string[]> {
  const items = await readList(["get", kinds, "--all-namespaces"]);
  return items.map(({ metadata }) => metadata.name).filter((name) => /istio/.test(name));
}

/** A new leader may have to wait until the Lease of the one before it has run out. */
const PATIENCE = { timeoutMs: 45_000 };

/** The kind's schema takes it, the mesh does not. */
const UNJUDGED = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: unjudged, namespace: default }
spec:
  hosts: [rating]
  http:
  - route:
    - destination: { host: rating, subset: a }
      weight: 0
    - destination: { host: rating, subset: b }
      weight: 0
`;

/** The image that has written the rules of a pod of the article. */
async function initImage(): Promise<string> {
  const pods = await readList(["get", "pods", "-n", "default"]);
  const containers = pods.flatMap(({ spec }) => spec?.initContainers ?? []);
  return containers.find(({ name }) => name === "istio-init")?.image ?? "";
}

/** All rules that a pod finds in its network: its own, or its node's. */
async function iptablesRules(image: string, name: string, network: string): Promise<string> {
  const manifest = RULES_POD.replace("NAME", name).replace("IMAGE", image).replace("NETWORK", network);
  expect(await tryControl(["apply", "-f", "-"], manifest)).toMatchObject({ code: 0 });
  const rules = await eventually(
    async () => {
      const printed = await control("logs", name, "-n", "default", "-c", "rules");
      expect(printed).toContain("That is all.");
      return printed;
    },
    { timeoutMs: 60_000, intervalMs: 250 },
  );
  await control("delete", "pod", name, "-n", "default");
  return rules;
}

const RULES_POD = `apiVersion: v1
kind: Pod
metadata: { name: NAME, namespace: default }
spec:
  NETWORK
  restartPolicy: Never
  containers:
  - name: rules
    image: IMAGE
    imagePullPolicy: IfNotPresent
    command: [sh, -c, "iptables-save && ip6tables-save && echo That is all."]
    securityContext: { runAsUser: 0, capabilities: { add: [NET_ADMIN, NET_RAW] } }
`;

describe("Removing the mesh", () => {
  beforeAll(articleDeployed);

  it("keeps the kinds with all rules where it is asked to", async () => {
    await control("apply", "-f", join(ARTICLE, "virtual-service-v1.yml"));
    await bookmesh("uninstall", "--keep-crds", "-y");
    const rules = await readList(["get", "virtualservices", "-n", "default"]);
    expect(rules.map(({ metadata }) => metadata.name)).toEqual(["rating"]);
    expect(await meshNames("mutatingwebhookconfigurations,validatingwebhookconfigurations")).toEqual([]);
    expect(await meshNames("deployments,clusterroles,clusterrolebindings")).toEqual([]);
  });

  it("tells of a rule that nobody judged while it was away, once it is back", async () => {
    expect(await tryControl(["apply", "-f", "-"], UNJUDGED)).toMatchObject({ code: 0 });
    await control("delete", "virtualservice", "rating", "-n", "default");
    await bookmesh("install", "-y");
    await eventually(
      async () =>
        expect(await ruleStatus("virtualservices")).toMatchObject({ status: "False", reason: "Invalid" }),
      PATIENCE,
    );
    await eventually(async () => {
      const events = await control("get", "events", "-n", "default");
      expect(events).toMatch(/Warning\s+Rejected\s+virtualservice\/unjudged\s/);
    }, PATIENCE);
    await control("delete", "virtualservice", "unjudged", "-n", "default");
  });

  it("is installed over what was kept, twice as strong in profile default [B1]", async () => {
    await bookmesh("install", "-y");
    const pods = await readList(["get", "pods", "-n", "istio-system", "-l", "app=istiod"]);
    expect(pods).toHaveLength(2);
    expect(await bookmesh("verify-install", "--set", "profile=default")).toContain(
      "✔ Istio is installed and verified successfully",
    );
  });

  it("writes rules of iptables into the networks of pods alone, so that none is left on a node", async ({
    skip,
  }) => {
    if (TARGET === "laptop") skip("No pod of the local cluster can look into its node's network.");
    const image = await initImage();
    const inPod = await iptablesRules(image, "rules-in-pod", "hostNetwork: false");
    const onNode = await iptablesRules(image, "rules-on-node", "hostNetwork: true");
    expect(inPod).toContain("ISTIO_OUTPUT");
    expect(onNode).toContain("KUBE-SERVICES");
    expect(onNode).not.toContain("ISTIO");
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
