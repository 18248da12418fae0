import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Says whether a program is on the path. Where it is not, prints what is left out for want of it. */
export function hasProgram(name: string): boolean {
  const found = (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => isExecutable(join(folder, name)));
  if (!found) process.stdout.write(`There is no ${name} on the path: the tests that need it are left out.\n`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not here
  }
}
