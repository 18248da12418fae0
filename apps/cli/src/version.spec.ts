import { readFileSync } from "node:fs";
import { DEFAULT_TAG } from "@bookmesh/install";
import { expect, it } from "vitest";
import { VERSION } from "./version.ts";

it("is the version of the package, and of what is installed where no tag is set", () => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
  expect(DEFAULT_TAG).toBe(VERSION);
});
