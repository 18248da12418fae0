import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that the programs of the project lie in: the nearest one above this file that can start the platform. */
export function projectRoot(from = import.meta.dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "tools", "start.mjs"))) return folder;
  }
  throw new Error(
    "The platform's own files are not beside this command; run it inside a clone of the project.",
  );
}

/** Where the local cluster keeps its state: `BOOKMESH_HOME`, or `.bookmesh` in the project. */
export function bookmeshHome(env: NodeJS.ProcessEnv): string {
  return env["BOOKMESH_HOME"] || join(projectRoot(), ".bookmesh");
}
