import { describe, expect, it } from "vitest";
import { billOfMaterials, packageClosure, packageFolders } from "./sbom.ts";

const PACKAGES = {
  "node_modules/a": { version: "1.0.0", license: "MIT", dependencies: { b: "^2", "@s/c": "^1" } },
  "node_modules/b": { version: "1.0.0" },
  "node_modules/a/node_modules/b": { version: "2.0.0", dependencies: { "@s/c": "^1" } },
  "node_modules/@s/c": { version: "1.1.0", license: "ISC", dependencies: { a: "^1" } },
};

describe("packageClosure", () => {
  it("finds what a package needs as Node does, nearest first, each once", () => {
    expect(packageClosure("a", PACKAGES)).toEqual([
      "node_modules/@s/c",
      "node_modules/a",
      "node_modules/a/node_modules/b",
    ]);
  });

  it("leaves out what is not installed", () => {
    expect(packageClosure("z", PACKAGES)).toEqual([]);
  });
});

describe("packageFolders", () => {
  it("names the innermost package of each file", () => {
    const files = [
      "libs/x.ts",
      "node_modules/@s/c/i.js",
      "node_modules/a/node_modules/b/i.js",
      "node_modules/a/i.js",
    ];
    expect(packageFolders(files)).toEqual([
      "node_modules/@s/c",
      "node_modules/a",
      "node_modules/a/node_modules/b",
    ]);
  });
});

describe("billOfMaterials", () => {
  it("tells each package's name, version, licence and address", () => {
    const bill = billOfMaterials({ name: "app", version: "3.0.0" }, ["node_modules/@s/c"], PACKAGES);
    expect(JSON.parse(bill)).toMatchObject({
      bomFormat: "CycloneDX",
      metadata: { component: { type: "application", name: "app", version: "3.0.0" } },
      components: [
        {
          type: "library",
          name: "@s/c",
          version: "1.1.0",
          purl: "pkg:npm/%40s/c@1.1.0",
          licenses: [{ expression: "ISC" }],
        },
      ],
    });
  });
});
