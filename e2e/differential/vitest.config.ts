import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["src/**/*.story.ts"],
    globalSetup: "src/harness/global-setup.ts",
    maxConcurrency: 3, // each case has its own namespace
    testTimeout: 600_000,
    hookTimeout: 180_000,
    reporters: ["verbose"],
  },
});
