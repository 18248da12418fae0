import { at, isObject } from "@bookmesh/kube-model";
import { describe, expect, it } from "vitest";
import { builtInKinds } from "../kinds/built-in-kinds.ts";
import { aggregatedDiscovery, apiResourceList } from "./discovery.ts";
import { openApiV3Document } from "./open-api.ts";

const kinds = builtInKinds();
const inGroup = (group: string) => kinds.filter((kind) => kind.group === group);

describe("openApiV3Document", () => {
  const document = openApiV3Document(inGroup("apps"));

  it("says which parameters a patch takes", () => {
    const path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    expect(at(document, "paths", path, "patch", "parameters")).toMatchObject([
      { name: "namespace", in: "path" },
      { name: "name", in: "path" },
      { name: "dryRun" },
      { name: "fieldManager" },
      { name: "fieldValidation" },
      { name: "force" },
    ]);
  });

  it("names the kind of a schema", () => {
    const schema = at(document, "components", "schemas", "io.k8s.api.apps.v1.Deployment");
    expect(schema).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Deployment" }],
    });
  });

  it.each([...new Set(kinds.map(({ group }) => group))])(
    "defines everything it refers to in group '%s'",
    (group) => {
      const whole = openApiV3Document(inGroup(group));
      const schemas = at(whole, "components", "schemas");
      const missing = [...JSON.stringify(whole).matchAll(/"#\/components\/schemas\/([^"]+)"/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !isObject(schemas) || schemas[name] === undefined);
      expect(missing).toEqual([]);
    },
  );
});

describe("discovery", () => {
  it("lists resources with their subresources", () => {
    expect(apiResourceList("apps/v1", kinds)).toMatchObject({
      groupVersion: "apps/v1",
      resources: [
        { name: "deployments", singularName: "deployment", shortNames: ["deploy"], categories: ["all"] },
        { name: "deployments/scale", group: "autoscaling", version: "v1", kind: "Scale" },
        { name: "deployments/status", kind: "Deployment" },
        { name: "replicasets" },
        { name: "replicasets/scale" },
        { name: "replicasets/status" },
        { name: "statefulsets", shortNames: ["sts"] },
        { name: "statefulsets/scale" },
        { name: "statefulsets/status" },
        { name: "daemonsets", shortNames: ["ds"] },
        { name: "daemonsets/status" },
        { name: "controllerrevisions" },
      ],
    });
  });

  it("puts a group into one answer", () => {
    expect(aggregatedDiscovery(inGroup("coordination.k8s.io"))).toMatchObject({
      kind: "APIGroupDiscoveryList",
      items: [
        {
          metadata: { name: "coordination.k8s.io" },
          versions: [{ version: "v1", resources: [{ resource: "leases", scope: "Namespaced" }] }],
        },
      ],
    });
  });
});
