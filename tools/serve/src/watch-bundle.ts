import { spawn } from "node:child_process";
import { watch } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./served-app.ts";

/** Editors write a file in several steps; this gathers them. */
const SETTLE_MS = 200;

/** Bundles an app now and after each change of a source file, until `signal` aborts. A bundle that fails is told and waited for. */
export async function watchBundle(
  app: string,
  { signal, onBuilt }: { readonly signal: AbortSignal; readonly onBuilt: () => Promise<void> },
): Promise<void> {
  const rebuild = async () => {
    if (await bundle(app)) await onBuilt();
  };
  await rebuild();
  let pending: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(pending);
    pending = setTimeout(() => void rebuild(), SETTLE_MS);
  };
  await Promise.all(
    [join(ROOT, "apps", app), join(ROOT, "libs")].map((folder) => eachChange(folder, signal, changed)),
  );
  clearTimeout(pending);
}

async function eachChange(folder: string, signal: AbortSignal, changed: () => void): Promise<void> {
  try {
    for await (const { filename } of watch(folder, { recursive: true, signal })) {
      if (filename !== null && filename.endsWith(".ts") && !filename.endsWith(".spec.ts")) changed();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Bundles the named apps, all of them where none is named; says whether it worked. What is wrong is on the terminal. */
export function bundle(...apps: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    spawn(process.execPath, [join(ROOT, "tools/bundle.mjs"), ...apps], { stdio: "inherit" }).once(
      "exit",
      (code) => resolve(code === 0),
    );
  });
}
