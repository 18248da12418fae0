/**
 * Bundles the apps into `dist/<app>.mjs`: what runs as a pod, and the command `bookmesh`.
 *
 * Usage: node tools/bundle.mjs [--outdir FOLDER] [--metafile FILE] [app …]     (all of them where none is named)
 *
 * The metafile is esbuild's: what each output is made of.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { builtinsPlugin } from "./bundle-builtins.mjs";
import { koffiPlugin } from "./bundle-koffi.mjs";

const root = resolve(import.meta.dirname, "..");
const APPS = [
  "book-service",
  "rating-service",
  "control-plane",
  "sidecar-proxy",
  "istio-init",
  "local-cluster",
  "cli",
];
const MAP_SOCKETS = "libs/cluster/pod-network/src/mapped/preload.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { outdir: { type: "string", default: "dist" }, metafile: { type: "string" } },
});
const metafile = await bundle(positionals.length > 0 ? positionals : APPS);

if (values.metafile !== undefined) writeFileSync(values.metafile, JSON.stringify(metafile));

async function bundle(apps) {
  const { metafile: madeOf, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(apps.filter(hasMain).flatMap(entriesOf)),
    outdir: values.outdir,
    metafile: true,
    write: false,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    // What an app imports late stays out of memory until then.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // Source text stays in memory as long as its program runs. Names are kept: they stand in stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: "linked",
    legalComments: "linked",
    logLevel: "warning",
    // Its page is files beside its code, which a bundle would lose.
    external: ["@fastify/swagger-ui"],
    plugins: [koffiPlugin, builtinsPlugin],
    // CommonJS packages inside an ES module still call `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  for (const { path, contents } of outputFiles)
    replaceFile(path, path.endsWith(".mjs") ? inAscii(contents) : contents);
  return madeOf;
}

/** The local cluster's pods load a module of its own before their programs. */
function entriesOf(app) {
  const main = [app, `apps/${app}/src/main.ts`];
  return app === "local-cluster" ? [main, ["map-sockets", MAP_SOCKETS]] : [main];
}

/**
 * esbuild leaves other characters where it cannot tell that an escape is the same, in regular expressions. One of them
 * is enough for V8 to keep the source of the whole program in two bytes a character.
 */
function inAscii(contents) {
  const text = Buffer.from(contents).toString("utf8");
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return Buffer.from(text.replaceAll(/[^\0-\x7f]/g, escaped));
}

/**
 * Puts a new file in the old one's place, and leaves one that says the same: programs that run from these files go on,
 * while one whose native code is written over crashes.
 */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) {
    const now = new Date();
    utimesSync(path, now, now); // as new as its sources
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

function hasMain(app) {
  return existsSync(join(root, `apps/${app}/src/main.ts`));
}
