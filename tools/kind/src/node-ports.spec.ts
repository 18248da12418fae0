import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const PROJECT = resolve(import.meta.dirname, "../../..");

describe("deploy/kind/kind.yml", () => {
  const opened = new Set(numbers("deploy/kind/kind.yml", /hostPort: (\d+)/g));
  const files = globSync(
    ["deploy/samples/**/*.yml", "e2e/stories/src/manifests/*.yml", "docs/tutorial/*.md"],
    { cwd: PROJECT },
  );
  const wanted = files.flatMap((file) =>
    numbers(file, /"?nodePort"?: ?(\d+)/g).map((port) => ({ file, port })),
  );

  it.each(wanted)("opens node port $port of $file", ({ port }) => {
    expect(opened).toContain(port);
  });
});

function numbers(file: string, pattern: RegExp): readonly number[] {
  return [...readFileSync(join(PROJECT, file), "utf8").matchAll(pattern)].map(([, digits]) => Number(digits));
}
