import { byIdentity } from "@bookmesh/kernel";
import {
  typedResources,
  withResources,
  type EncodedResource,
  type TypedResources,
} from "@bookmesh/translate";

/** How one set of resources became another. */
export interface Difference {
  readonly added: readonly EncodedResource[];
  /** As they are now. */
  readonly changed: readonly EncodedResource[];
  /** As they were. */
  readonly gone: readonly EncodedResource[];
}

/**
 * What is asked of sets of resources. Proxies of an equal view have the very same sets, so each question is answered
 * once for all of them: what a proxy costs does not grow with the mesh.
 */
export interface ResourceSets {
  /** The resources that `names` asks for; all where it is "all". Returns `all` itself where nothing is left out. */
  select(all: TypedResources, names: ReadonlySet<string> | "all"): TypedResources;
  difference(before: TypedResources, after: TypedResources): Difference;
  /** What a client that has `before` lacks of `after`, under the version of the whole. */
  news(before: TypedResources, after: TypedResources): TypedResources;
  /** All of `after`, and what `before` has besides. */
  union(before: TypedResources, after: TypedResources): TypedResources;
  /** Says whether each of `resources` that is also one of `others` is among `names`. */
  areNamed(resources: TypedResources, others: TypedResources, names: ReadonlySet<string>): boolean;
}

/** Answers that are remembered as long as the sets are there. */
export function resourceSets(): ResourceSets {
  const select = byIdentity(selectNamed);
  const ofShared = byIdentity((before: TypedResources, after: TypedResources) =>
    differenceAt(new Set([...before.resources.keys(), ...after.resources.keys()]), before, after),
  );
  const ofLayers = (before: TypedResources, after: TypedResources): Difference => {
    const own = new Set([...ownOf(before), ...ownOf(after)].map(({ name }) => name));
    return joined(
      without(ofShared(sharedOf(before), sharedOf(after)), own),
      differenceAt(own, before, after),
    );
  };
  const difference = (before: TypedResources, after: TypedResources) => {
    if (before === after) return NO_DIFFERENCE;
    return before.layers || after.layers ? ofLayers(before, after) : ofShared(before, after);
  };
  const areShared = byIdentity(areAmong);
  const sharedUnion = byIdentity((before: TypedResources, after: TypedResources) => {
    const { gone } = ofShared(before, after);
    return gone.length === 0 ? after : typedResources(after.typeUrl, [...gone, ...after.resources.values()]);
  });
  return {
    select: (all, names) => (names === "all" ? all : select(all, names)),
    difference,
    news: byIdentity((before, after) => {
      const { added, changed } = difference(before, after);
      return { ...typedResources(after.typeUrl, [...added, ...changed]), version: after.version };
    }),
    union(before, after) {
      const shared = sharedUnion(sharedOf(before), sharedOf(after));
      const leaving = ownOf(before).filter(({ name }) => !after.resources.has(name));
      const own = [...leaving, ...ownOf(after)];
      return own.length === 0 ? shared : withResources(shared, own);
    },
    areNamed: (resources, others, names) =>
      areShared(resources, sharedOf(others), names) &&
      ownOf(others).every(({ name }) => !resources.resources.has(name) || names.has(name)),
  };
}

const NO_DIFFERENCE: Difference = { added: [], changed: [], gone: [] };

function sharedOf(set: TypedResources): TypedResources {
  return set.layers?.shared ?? set;
}

function ownOf(set: TypedResources): readonly EncodedResource[] {
  return set.layers?.own ?? [];
}

function selectNamed(all: TypedResources, names: ReadonlySet<string>): TypedResources {
  const chosen = [...all.resources.values()].filter(({ name }) => names.has(name));
  return chosen.length === all.resources.size ? all : typedResources(all.typeUrl, chosen);
}

function areAmong(resources: TypedResources, others: TypedResources, names: ReadonlySet<string>): boolean {
  return [...resources.resources.keys()].every((name) => !others.resources.has(name) || names.has(name));
}

function differenceAt(names: ReadonlySet<string>, before: TypedResources, after: TypedResources): Difference {
  const added: EncodedResource[] = [];
  const changed: EncodedResource[] = [];
  const gone: EncodedResource[] = [];
  for (const name of names) {
    const [was, is] = [before.resources.get(name), after.resources.get(name)];
    if (was === is) continue;
    if (is === undefined) gone.push(...(was === undefined ? [] : [was]));
    else if (was === undefined) added.push(is);
    else if (was.version !== is.version) changed.push(is);
  }
  return { added, changed, gone };
}

function without({ added, changed, gone }: Difference, names: ReadonlySet<string>): Difference {
  const isOther = ({ name }: EncodedResource) => !names.has(name);
  return { added: added.filter(isOther), changed: changed.filter(isOther), gone: gone.filter(isOther) };
}

function joined(one: Difference, other: Difference): Difference {
  return {
    added: [...one.added, ...other.added],
    changed: [...one.changed, ...other.changed],
    gone: [...one.gone, ...other.gone],
  };
}
