/**
 * Measures the source: sizes, import cycles (type-only imports included), barrels, type assertions, documentation.
 * Prints a table; exits 1 where a gated budget is broken. The other laws are lint rules (`eslint.config.mjs`).
 *
 * Usage: node tools/measure/measure.mjs
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");
const MAX_PUBLIC_NAMES = 40;
const MAX_ASSERTIONS_PER_KLOC = 2;

const sources = listSources();
const files = sources.map((path) => measureFile(path));
const rows = [
  row("files", files.length),
  row(
    "lines a file, median",
    quantile(
      files.map(({ lines }) => lines),
      0.5,
    ),
  ),
  row(
    "lines a file, 95 %",
    quantile(
      files.map(({ lines }) => lines),
      0.95,
    ),
  ),
  gate(
    "files in import cycles",
    cycles().map((cycle) => cycle.join(" → ")),
    0,
  ),
  gate(
    "barrels besides index.ts",
    files.filter(isStrayBarrel).map(({ path }) => path),
    0,
  ),
  gate(
    "libs with too many public names",
    publicNames()
      .filter(({ count }) => count > MAX_PUBLIC_NAMES)
      .map(({ path, count }) => `${path}: ${count}`),
    0,
  ),
  row("type assertions per 1,000 lines", perThousand(sum(files.map(({ assertions }) => assertions)))),
  row(
    "documented share of exported declarations",
    share(sum(files.map((file) => file.documented)), sum(files.map((file) => file.exported))),
  ),
  row(
    "comment share of lines",
    share(sum(files.map((file) => file.comments)), sum(files.map((file) => file.lines))),
  ),
];
for (const { name, value, broken } of rows) process.stdout.write(`${broken ? "✖" : " "} ${name}: ${value}\n`);
if (perThousand(sum(files.map(({ assertions }) => assertions))) > MAX_ASSERTIONS_PER_KLOC) {
  process.stdout.write(`  (aim: at most ${MAX_ASSERTIONS_PER_KLOC} type assertions per 1,000 lines)\n`);
}
process.exit(rows.some(({ broken }) => broken) ? 1 : 0);

function listSources() {
  const tracked = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "apps", "libs"],
    { cwd: root, encoding: "utf8" },
  );
  return tracked
    .split("\n")
    .filter(
      (path) =>
        path.endsWith(".ts") &&
        !/(\.spec|\.contract)\.ts$|\/generated\//.test(path) &&
        existsSync(join(root, path)),
    );
}

function measureFile(path) {
  const text = readFileSync(join(root, path), "utf8");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const file = {
    path,
    lines: text.split("\n").length,
    imports: [],
    assertions: 0,
    exported: 0,
    documented: 0,
    onlyReexports: source.statements.length > 0,
  };
  file.comments = text.split("\n").filter((line) => /^\s*(\/\/|\/?\*)/.test(line)).length;
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) file.onlyReexports = false;
    if (isExported(statement)) {
      file.exported += 1;
      if (ts.getJSDocCommentsAndTags(statement).length > 0) file.documented += 1;
    }
  }
  const visit = (node) => {
    if (ts.isAsExpression(node) && node.type.getText() !== "const") file.assertions += 1;
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const target = resolveImport(path, node.moduleSpecifier.text);
      if (target !== undefined) file.imports.push(target);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return file;
}

function isExported(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function resolveImport(from, specifier) {
  if (specifier.startsWith(".")) return relative(root, resolve(root, dirname(from), specifier));
  const [, name, entry = "index"] = /^@bookmesh\/([\w-]+)(?:\/([\w-]+))?$/.exec(specifier) ?? [];
  return name && sources.find((path) => path.endsWith(`/${name}/src/${entry}.ts`));
}

/** Tarjan's strongly connected components of more than one file. */
function cycles() {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map();
  const stack = [];
  const found = [];
  let next = 0;
  const visit = (path) => {
    const own = { index: next, low: next, onStack: true };
    next += 1;
    state.set(path, own);
    stack.push(path);
    for (const target of byPath.get(path)?.imports ?? []) {
      if (!byPath.has(target)) continue;
      const other = state.get(target);
      if (other === undefined) own.low = Math.min(own.low, visit(target).low);
      else if (other.onStack) own.low = Math.min(own.low, other.index);
    }
    if (own.low === own.index) {
      const component = stack.splice(stack.indexOf(path));
      for (const member of component) state.get(member).onStack = false;
      if (component.length > 1) found.push(component);
    }
    return own;
  };
  for (const { path } of files) if (!state.has(path)) visit(path);
  return found;
}

/** A file of re-exports that no `exports` of a package names. */
function isStrayBarrel({ path, onlyReexports }) {
  if (!onlyReexports) return false;
  const folder = packageFolder(path);
  const { exports = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return !Object.values(exports).some((entry) => join(folder, entry) === path);
}

/** `libs/data/proxy-core` of any file in it. */
function packageFolder(path) {
  return path.slice(0, path.indexOf("/src/"));
}

function publicNames() {
  return (
    files
      .filter(({ path }) => /^libs\/.*\/src\/index\.ts$/.test(path))
      .map(({ path }) => {
        const source = ts.createSourceFile(
          path,
          readFileSync(join(root, path), "utf8"),
          ts.ScriptTarget.Latest,
        );
        const count = source.statements
          .filter((statement) => ts.isExportDeclaration(statement) && statement.exportClause)
          .reduce((total, { exportClause }) => total + exportClause.elements.length, 0);
        return { path, count };
      })
      // What Envoy's protos and Kubernetes' kinds bring is as many names as it is.
      .filter(({ path }) => !path.startsWith("libs/contract/"))
  );
}

function row(name, value) {
  return { name, value, broken: false };
}

function gate(name, found, budget) {
  const broken = found.length > budget;
  return { name, value: broken ? `${found.length}\n    ${found.join("\n    ")}` : found.length, broken };
}

function quantile(values, fraction) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * fraction)] ?? 0;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function perThousand(count) {
  return Math.round((count / sum(files.map(({ lines }) => lines))) * 10_000) / 10;
}

function share(part, whole) {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10} %`;
}
