import nx from "@nx/eslint-plugin";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

const planes = [
  ...["shared", "contract", "identity", "control", "data", "cluster", "console", "demo", "simulation", "e2e"],
];
const tags = (prefix, names) => names.map((name) => `${prefix}:${name}`);
const only = (sourceTag, prefix, names) => ({
  sourceTag,
  onlyDependOnLibsWithTags: tags(prefix, names),
});

/** The same for the packages of one plane in some layers. */
const within = (plane, layers, names) =>
  layers.map((layer) => ({
    allSourceTags: [plane, `layer:${layer}`],
    onlyDependOnLibsWithTags: tags("plane", names),
  }));
const CONTROL = ["shared", "contract", "identity", "control"];
const CLUSTER = ["shared", "contract", "identity", "cluster"];

/** The laws of ARCHITECTURE.md ("Layout"): which layer, plane and platform may import which. */
const depConstraints = [
  only("layer:model", "layer", ["model", "core"]),
  only("layer:core", "layer", ["model", "core"]),
  only("layer:shell", "layer", ["model", "core", "shell"]),
  only("layer:app", "layer", ["model", "core", "shell"]),
  only("layer:test", "layer", ["model", "core", "shell", "test"]),
  only("plane:shared", "plane", ["shared"]),
  only("plane:contract", "plane", ["shared", "contract"]),
  only("plane:identity", "plane", ["shared", "contract", "identity"]),
  ...within("plane:control", ["core", "shell"], CONTROL),
  ...within("plane:control", ["app"], [...CONTROL, "simulation"]),
  only("plane:simulation", "plane", ["shared", "contract", "identity", "control", "data", "simulation"]),
  only("plane:data", "plane", ["shared", "contract", "identity", "data"]),
  ...within("plane:cluster", ["core", "shell"], CLUSTER),
  ...within("plane:cluster", ["app"], [...CLUSTER, "control"]),
  only("plane:demo", "plane", ["shared"]),
  only("plane:e2e", "plane", planes),
  only("platform:any", "platform", ["any"]),
];

/** The same laws, but for specs: any layer's may use `layer:test` (the testkit). */
function withTestkit(constraints) {
  return constraints.map((constraint) =>
    constraint.sourceTag?.startsWith("layer:") || constraint.sourceTag === "platform:any"
      ? { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, "layer:test"] }
      : constraint,
  );
}

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/generated/**",
      "**/node_modules/**",
      ".nx/**",
      ".bookmesh/**",
      "**/*.mjs",
      "**/vitest.config.ts",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@nx": nx, jsdoc },
    rules: {
      "@nx/enforce-module-boundaries": [
        "error",
        { enforceBuildableLibDependency: false, allow: [], depConstraints },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 50],
      "max-params": ["error", 3],
      "max-depth": ["error", 3],
      "no-console": "error",
      "no-restricted-exports": [
        "error",
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use an `as const satisfies` table." },
        { selector: "TSParameterProperty", message: "Declare the field and assign it." },
        { selector: "TSModuleDeclaration[kind='namespace']", message: "Use modules." },
        { selector: "ExportAllDeclaration", message: "Export name by name." },
      ],
      "no-warning-comments": ["error", { terms: ["todo", "fixme"] }],
    },
  },
  {
    files: ["libs/**/*.ts"],
    ignores: ["**/*.spec.ts", "**/*.contract.ts"],
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration"],
          enableFixer: false,
        },
      ],
    },
  },
  {
    files: ["**/*.spec.ts", "**/*.contract.ts", "**/*.story.ts"],
    rules: {
      "max-lines-per-function": "off",
      "@nx/enforce-module-boundaries": [
        "error",
        { enforceBuildableLibDependency: false, allow: [], depConstraints: withTestkit(depConstraints) },
      ],
    },
  },
  {
    files: ["**/global-setup.ts", "e2e/load/src/scripts/*.ts"],
    rules: { "no-restricted-exports": "off" }, // the test runner and k6 want a default export
  },
  {
    files: ["e2e/load/src/scripts/*.ts"],
    // k6's types declare its plain options as classes.
    rules: { "@typescript-eslint/no-unsafe-class-instance-assignment": "off" },
  },
  {
    files: [
      "libs/*/{kernel,yaml-lines,translate,analysis,injection,install,interception,http1,proxy-core,proxy-config,discovery,kube-{schema,model,validation,defaults,patch,printing},schema-rules}/**/*.ts",
      "libs/contract/**/*.ts",
    ],
    ignores: ["**/*.spec.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["node:*"], message: "The core is pure: pass what it needs as a port." }] },
      ],
      "no-restricted-globals": ["error", "setTimeout", "setInterval", "setImmediate", "process", "fetch"],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Take a Clock." },
        { object: "Math", property: "random", message: "Take a Random." },
        { object: "performance", property: "now", message: "Take a Clock." },
      ],
    },
  },
);
