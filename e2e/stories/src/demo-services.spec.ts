import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

describe.each(["book-service", "rating-service"])("%s", (app) => {
  it("contains nothing of the mesh", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: [`apps/${app}/src/main.ts`],
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
      metafile: true,
      external: ["@fastify/swagger-ui"],
    });
    const ours = Object.keys(metafile.inputs).filter((path) => /^(apps|libs)\//.test(path));
    const foreign = ours.filter(
      (path) => !path.startsWith(`apps/${app}/`) && !path.startsWith("libs/shared/"),
    );
    expect(ours.length).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
  });
});
