import type { ApiResource, Discovery } from "@bookmesh/kube-client";
import { UsageError } from "../failures.ts";

/** A type, and the objects of it that are meant; no names: all of them. */
export interface Target {
  readonly resource: ApiResource;
  readonly names: readonly string[];
}

/** Reads `TYPE`, `TYPE NAME…`, `TYPE,TYPE`, `TYPE/NAME…` and `all`, as kubectl does. */
export async function readTargets(
  words: readonly string[],
  discovery: Discovery,
): Promise<readonly Target[]> {
  const [first, ...names] = words;
  if (first === undefined) throw new UsageError("Say which type, as in: bookmesh get pods");
  if (first.includes("/")) return await Promise.all(words.map((word) => readPair(word, discovery)));
  const types = first.split(",").filter((type) => type !== "");
  const resources = (await Promise.all(types.map((type) => readType(type, discovery)))).flat();
  return resources.map((resource) => ({ resource, names }));
}

/** The resource that people call `type`; throws where the server has none. */
export async function readResource(type: string, discovery: Discovery): Promise<ApiResource> {
  const resource = await discovery.named(type);
  if (!resource) throw new Error(`the server doesn't have a resource type "${type}"`);
  return resource;
}

async function readType(type: string, discovery: Discovery): Promise<readonly ApiResource[]> {
  const category = type === "all" ? await discovery.category("all") : [];
  return category.length > 0 ? category : [await readResource(type, discovery)];
}

async function readPair(word: string, discovery: Discovery): Promise<Target> {
  const [type = "", name = "", ...rest] = word.split("/");
  if (type === "" || name === "" || rest.length > 0) {
    throw new UsageError(`"${word}" is not TYPE/NAME; with one such word, all must be such.`);
  }
  return { resource: await readResource(type, discovery), names: [name] };
}
