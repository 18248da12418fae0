import type { ResourceRef } from "@bookmesh/kube-api";
import type { KubeClient } from "./kube-client.ts";

/** A resource as the server itself describes it. */
export interface ApiResource extends ResourceRef {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** Finds resources by what people and files call them. */
export interface Discovery {
  /**
   * By plural, singular, short name or kind, in any case, alone or followed by `.group` or `.version.group`;
   * `undefined` where the server has no such type.
   */
  named(name: string): Promise<ApiResource | undefined>;
  /** By an object's `apiVersion` and `kind`. */
  kind(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** The resources of a category: `all`. */
  category(name: string): Promise<readonly ApiResource[]>;
}

/** Asks the server once for each answer that it needs, and remembers it. */
export function discovery(client: KubeClient): Discovery {
  const versions = new Map<string, Promise<readonly ApiResource[]>>();
  const versionResources = (apiVersion: string) => {
    const known = versions.get(apiVersion) ?? readVersion(client, apiVersion);
    versions.set(apiVersion, known);
    return known;
  };
  let preferred: Promise<readonly ApiResource[]> | undefined;
  const all = () => (preferred ??= readPreferred(client, versionResources));
  return {
    named: async (name) => (await all()).find((resource) => answersTo(resource, name.toLowerCase())),
    kind: async (apiVersion, kind) =>
      (await versionResources(apiVersion)).find((resource) => resource.kind === kind),
    category: async (name) => (await all()).filter(({ categories }) => categories.includes(name)),
  };
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly singularName?: string;
    readonly namespaced: boolean;
    readonly kind: string;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
  }[];
}

interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly groupVersion: string }[];
    readonly preferredVersion?: { readonly groupVersion: string };
  }[];
}

/** Every group in its preferred version, then in its other ones: the first that answers to a name wins. */
async function readPreferred(
  client: KubeClient,
  versionResources: (apiVersion: string) => Promise<readonly ApiResource[]>,
): Promise<readonly ApiResource[]> {
  // The API server is the authority on the shape of its discovery documents.
  const { groups = [] } = (await (await client.request("GET", "/apis")).json()) as GroupList;
  const first = groups.map(({ preferredVersion, versions }) => preferredVersion ?? versions[0]);
  const others = groups.flatMap(({ versions }) => versions);
  const order = ["v1", ...[...first, ...others].flatMap((version) => version?.groupVersion ?? [])];
  return (await Promise.all([...new Set(order)].map(versionResources))).flat();
}

async function readVersion(client: KubeClient, apiVersion: string): Promise<readonly ApiResource[]> {
  const [group, version] = apiVersion.includes("/") ? splitOnce(apiVersion, "/") : ["", apiVersion];
  const path = group === "" ? `/api/${version}` : `/apis/${apiVersion}`;
  const answer = await client.request("GET", path).catch(() => undefined); // a group whose server is away names nothing
  if (!answer) return [];
  // The API server is the authority on the shape of its discovery documents.
  const { resources = [] } = (await answer.json()) as ResourceList;
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, singularName, namespaced, kind, shortNames = [], categories = [] }) => ({
      group,
      version,
      plural: name,
      singular: singularName || kind.toLowerCase(),
      kind,
      namespaced,
      shortNames,
      categories,
    }));
}

function answersTo(resource: ApiResource, asked: string): boolean {
  const [name, qualifier] = splitOnce(asked, ".");
  const names = [resource.plural, resource.singular, resource.kind.toLowerCase(), ...resource.shortNames];
  if (!names.includes(name)) return false;
  const { group, version } = resource;
  return qualifier === "" || [group, version, `${version}.${group}`].includes(qualifier);
}

/** `deployment.apps`: how kubectl names a type in its messages. */
export function qualifiedName({ singular, group }: Pick<ApiResource, "singular" | "group">): string {
  return group === "" ? singular : `${singular}.${group}`;
}

/** `no matches for kind …`: the sentence for a type that the server does not have. */
export function unknownKind(apiVersion: string, kind: string): Error {
  return new Error(
    `The server has no kind "${kind}" in version "${apiVersion}"; is its CustomResourceDefinition installed?`,
  );
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
