import type { Catalog } from "@bookmesh/registry";

/** The version of Kubernetes whose API this is. */
export const SERVER_VERSION = {
  major: "1",
  minor: "34",
  gitVersion: "v1.34.0+bookmesh",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "node",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
} as const;

interface Group {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** `/api`. */
export function coreVersions(serverAddress: string): object {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis`. */
export function groupList(catalog: Catalog): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: namedGroups(catalog).map(describeGroup) };
}

/** `/apis/<group>`; `undefined` where there is no such group. */
export function namedGroup(catalog: Catalog, name: string): object | undefined {
  const found = namedGroups(catalog).find((each) => each.name === name);
  return found && { kind: "APIGroup", apiVersion: "v1", ...describeGroup(found) };
}

function namedGroups(catalog: Catalog): readonly Group[] {
  const groups = new Map<string, string[]>();
  for (const row of catalog.rows()) {
    if (row.group === "") continue;
    const versions = groups.get(row.group) ?? [];
    if (!versions.includes(row.version)) versions.push(row.version);
    groups.set(row.group, versions);
  }
  return [...groups].map(([name, versions]) => ({ name, versions: versions.sort(byPriority) }));
}

/** Stable before beta before alpha, then the higher number: Kubernetes' order of versions. */
function byPriority(one: string, other: string): number {
  const rank = (version: string) => {
    const [, major = "0", stage = "", minor = "0"] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    return [stage === "" ? 2 : stage === "beta" ? 1 : 0, Number(major), Number(minor)];
  };
  const mine = rank(one);
  const theirs = rank(other);
  const differing = mine.findIndex((part, index) => part !== theirs[index]);
  return differing < 0 ? 0 : (theirs[differing] ?? 0) - (mine[differing] ?? 0);
}

function describeGroup({ name, versions }: Group): object {
  const described = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: described, preferredVersion: described[0] };
}
