import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { ARTICLE, articleDeployed, control, ruleStatus, tryControl } from "./harness/mesh.ts";

const apply = (file: string) => control("apply", "-f", join(ARTICLE, file), "-n", "default");

describe("What became of a rule", () => {
  beforeAll(articleDeployed);
  afterAll(() => control("delete", "virtualservices,destinationrules", "--all", "-n", "default"));

  it("stands in its status: in force, as far as it can be", async () => {
    const { code, stderr } = await tryControl([
      "apply",
      "-n",
      "default",
      "-f",
      join(ARTICLE, "virtual-service-v1.yml"),
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("version-v1")]);
    await eventually(async () => {
      const status = await ruleStatus("virtualservices");
      expect(status).toMatchObject({ reason: "ReferencesMissing", status: "True", isCurrent: true });
      expect(status.message).toContain("version-v1");
    });
  });

  it("is accepted as soon as nothing is missing", async () => {
    await apply("destination-rule-v1-v2.yml");
    for (const kind of ["virtualservices", "destinationrules"])
      await eventually(async () =>
        expect(await ruleStatus(kind)).toMatchObject({
          ...{ reason: "Accepted", status: "True", isCurrent: true },
        }),
      );
  });

  it("tells of the rule as it is now", async () => {
    await apply("virtual-service-v1-v2-75-25.yml");
    await eventually(async () =>
      expect(await ruleStatus("virtualservices")).toMatchObject({ reason: "Accepted", isCurrent: true }),
    );
  });
});
