import { describe, expect, it } from "vitest";
import { negotiate } from "./negotiate.ts";

describe("negotiate", () => {
  it.each([
    { accept: undefined, form: { yaml: false } },
    { accept: "*/*", form: { yaml: false } },
    { accept: "application/yaml", form: { yaml: true } },
    { accept: "application/vnd.kubernetes.protobuf,application/json", form: { yaml: false } },
    {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
      form: { as: "Table", yaml: false },
    },
    { accept: "application/json;as=Table;v=v9;g=meta.k8s.io,application/json", form: { yaml: false } },
    {
      accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
      form: { as: "APIGroupDiscoveryList", yaml: false },
    },
    { accept: "application/vnd.kubernetes.protobuf", form: undefined },
  ])("takes the first form that is served of $accept", ({ accept, form }) => {
    expect(negotiate(accept)).toEqual(form);
  });
});
