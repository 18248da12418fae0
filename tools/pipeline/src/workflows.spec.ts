import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { APPS } from "./apps.ts";
import { STEPS } from "./steps.ts";
import { workflows } from "./workflows.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");
const FOLDER = join(PROJECT, ".github/workflows");

describe("workflows", () => {
  it.each([...workflows()])("has %s as .github/workflows holds it", (file, content) => {
    expect(readFileSync(join(FOLDER, file), "utf8")).toBe(content);
  });

  it("gives each app one of its own", () => {
    const apps = readdirSync(join(PROJECT, "apps")).sort();
    expect(APPS.map(({ name }) => name).sort()).toEqual(apps);
  });

  it("runs the steps that the pipeline runs here, in their order", () => {
    const shared: unknown = parse(workflows().get("app.yml") ?? "");
    expect(shared).toHaveProperty("jobs.pipeline.steps");
    const text = workflows().get("app.yml") ?? "";
    const ran = [...text.matchAll(/--only (\w+)$/gm)].map(([, name]) => name);
    expect(ran).toEqual(STEPS.map(({ name }) => name));
  });
});
