import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folders of an app and of every package of the workspace that it is made of, sorted. */
export function appFolders(app: string, project: string): readonly string[] {
  const manifests = readManifests(project);
  const folders = new Set<string>();
  const visit = ({ folder, dependencies }: Manifest): void => {
    if (folders.has(folder)) return;
    folders.add(folder);
    for (const name of dependencies) {
      const manifest = manifests.get(name);
      if (manifest !== undefined) visit(manifest);
    }
  };
  const own = [...manifests.values()].find(({ folder }) => folder === `apps/${app}`);
  if (own !== undefined) visit(own);
  return [...folders].sort();
}

interface Manifest {
  readonly folder: string;
  readonly dependencies: readonly string[];
}

function readManifests(project: string): ReadonlyMap<string, Manifest> {
  const files = globSync(["apps/*/package.json", "libs/*/*/package.json"], { cwd: project });
  return new Map(
    files.map((file) => {
      // The project's own file.
      const { name, dependencies = {} } = JSON.parse(readFileSync(join(project, file), "utf8")) as {
        readonly name: string;
        readonly dependencies?: Readonly<Record<string, string>>;
      };
      return [name, { folder: dirname(file), dependencies: Object.keys(dependencies) }];
    }),
  );
}
