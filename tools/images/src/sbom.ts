/** One package of the lockfile. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The lockfile's packages by their folders. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folders of the packages that files belong to, sorted. */
export function packageFolders(files: readonly string[]): readonly string[] {
  return [...new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file) ?? []))].sort();
}

/** A package and everything that it needs to run, by their folders, found as Node finds them. */
export function packageClosure(name: string, packages: LockedPackages): readonly string[] {
  const found = new Set<string>();
  const visit = (wanted: string, from: string): void => {
    const folder = resolvePackage(wanted, from, packages);
    if (folder === undefined || found.has(folder)) return;
    found.add(folder);
    for (const needed of Object.keys(packages[folder]?.dependencies ?? {})) visit(needed, folder);
  };
  visit(name, "");
  return [...found].sort();
}

function resolvePackage(name: string, from: string, packages: LockedPackages): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const folder = `${base === "" ? "" : `${base}/`}node_modules/${name}`;
    if (packages[folder] !== undefined) return folder;
    if (base === "") return undefined;
  }
}

/** What a bill of materials is about. */
export interface Subject {
  readonly name: string;
  readonly version: string;
}

/** The bill of materials of an image's application, without a time. Source: CycloneDX 1.6. */
export function billOfMaterials(
  subject: Subject,
  folders: readonly string[],
  packages: LockedPackages,
): string {
  const component = (folder: string): object => {
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const { version = "0.0.0", license } = packages[folder] ?? {};
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return {
      type: "library",
      "bom-ref": folder,
      name,
      version,
      purl,
      ...(license !== undefined && { licenses: [{ expression: license }] }),
    };
  };
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": subject.name, ...subject } },
    components: folders.map(component),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
