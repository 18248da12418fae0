import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["src/**/*.story.ts"],
    globalSetup: "src/harness/global-setup.ts",
    // The stories are chapters of one article: one platform, one after the other, in the order of their names.
    fileParallelism: false,
    sequence: {
      sequencer: class {
        sort(files) {
          return files.toSorted((one, other) => one.moduleId.localeCompare(other.moduleId));
        }
        shard(files) {
          return files;
        }
      },
    },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ["verbose"],
  },
});
