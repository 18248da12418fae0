import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,libs,e2e,tools}/**/src/**/*.spec.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
