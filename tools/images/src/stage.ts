import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import type { Image, ImageProgram } from "./images.ts";
import { recordInputs } from "./inputs.ts";
import { appVersion, IMAGES_FOLDER, PROJECT, readProjectJson } from "./project.ts";
import { billOfMaterials, packageClosure, packageFolders, type LockedPackages } from "./sbom.ts";

/** The part of esbuild's metafile that we read. */
interface Metafile {
  readonly inputs: Readonly<Record<string, object>>;
  readonly outputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
}

/** What packages carry that a running program never reads: folders at their top, and files anywhere. */
const NEEDLESS = /^(tests?|docs|examples|e2e|benchmarks?|\.github)\/|\.(md|map|[cm]?ts|yml)$|^tsconfig/;

/** Puts an image's own files together in `dist/images/<id>/root`: the bundle, what it needs beside it, its programs. */
export function stage(image: Image): string {
  const root = join(IMAGES_FOLDER, image.id, "root");
  rmSync(root, { recursive: true, force: true });
  const app = join(root, "app");
  mkdirSync(app, { recursive: true });
  const metafile = bundle(image, app);
  for (const file of readdirSync(app, { recursive: true, encoding: "utf8" }))
    if (file.endsWith(".map")) rmSync(join(app, file));

  const { packages } = readProjectJson("package-lock.json") as { readonly packages: LockedPackages };
  const beside = externalPackages(metafile).flatMap((name) => packageClosure(name, packages));
  for (const folder of beside) copyPackage(folder, join(app, folder));
  for (const program of image.programs) addProgram(program, root);

  const bundled = Object.keys(metafile.inputs);
  const folders = [...new Set([...packageFolders(bundled), ...beside])].sort();
  const subject = { name: image.name, version: image.tag ?? appVersion(image.app) };
  const bill = billOfMaterials(subject, folders, packages);
  write(join(app, "sbom.json"), bill, 0o644);
  write(join(IMAGES_FOLDER, image.id, "sbom.json"), bill, 0o644);
  recordInputs(image, [...bundled, ...image.programs.map(({ module }) => module)]);
  return root;
}

function bundle({ id, app }: Image, folder: string): Metafile {
  const file = join(IMAGES_FOLDER, id, "metafile.json");
  const words = ["tools/bundle.mjs", "--outdir", folder, "--metafile", file, app];
  const { status } = spawnSync(process.execPath, words, { cwd: PROJECT, stdio: "inherit" });
  if (status !== 0) throw new Error(`${app} could not be bundled; what esbuild said stands above.`);
  // Written by esbuild, in its form.
  return JSON.parse(readFileSync(file, "utf8")) as Metafile;
}

/** The packages that a bundle still imports when it runs. */
function externalPackages({ outputs }: Metafile): readonly string[] {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const paths = imports.filter(({ external, path }) => external === true && !isBuiltin(path));
  return [...new Set(paths.map(({ path }) => path))];
}

function copyPackage(folder: string, target: string): void {
  const source = join(PROJECT, folder);
  for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    const isNested = path.split("/").includes("node_modules");
    if (isNested || NEEDLESS.test(path) || !statSync(join(source, path)).isFile()) continue;
    copy(join(source, path), join(target, path));
  }
}

/** A program is a script around its module, so that an image needs no shell. */
function addProgram({ name, module }: ImageProgram, root: string): void {
  const file = basename(module);
  if (file !== module) copy(join(PROJECT, module), join(root, "app", file));
  write(join(root, "usr/local/bin", name), `#!/usr/bin/env node\nimport("/app/${file}");\n`, 0o755);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

function write(file: string, content: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}
