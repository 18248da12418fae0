import { err, ok, type Result } from "@bookmesh/kernel";

/** Which program an image name stands for. */
export interface ImageEntry {
  /** An image name; `*` stands for any characters. */
  readonly image: string;
  /** A command template; `{address}`, `{port}`, `{dist}`, `{node}` and `{tag}` are filled in. */
  readonly command: readonly string[];
  /** Environment variables, filled in the same way. The pod's own win. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names by which `exec` finds programs of this image, each with its command template. */
  readonly bin?: Readonly<Record<string, readonly string[]>>;
}

/** The entries, the more important first. */
export type ImageMap = readonly ImageEntry[];

/** The first entry for `image`; a name without a registry and its spelling with `docker.io/` are the same. */
export function findImage(map: ImageMap, image: string): ImageEntry | undefined {
  const name = image.replace(/^docker\.io\/(library\/)?/, "");
  return map.find((entry) => matchesGlob(entry.image, name));
}

/** The tag of an image name: `latest` where it has none. */
export function imageTag(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  const colon = last.indexOf(":");
  return colon < 0 ? "latest" : last.slice(colon + 1);
}

/** Fills `{name}` in `template`; unknown names stay as they are. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Reads the entries of a parsed image-map document; `source` names the file in the sentence about what is wrong. */
export function readImageMap(document: unknown, source: string): Result<ImageMap, string> {
  if (document === null || document === undefined) return ok([]);
  const images = isRecord(document) ? document["images"] : undefined;
  if (!Array.isArray(images)) return err(`${source} must have a list named "images".`);
  const entries: ImageEntry[] = [];
  for (const [index, value] of images.entries()) {
    const entry = readEntry(value);
    if (entry === undefined)
      return err(`${source}: images[${index}] must have an "image" (text) and a "command" (list of texts).`);
    entries.push(entry);
  }
  return ok(entries);
}

function readEntry(value: unknown): ImageEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { image, command, env, bin } = value;
  if (typeof image !== "string" || !isTexts(command) || command.length === 0) return undefined;
  return {
    image,
    command,
    ...(isRecord(env) ? { env: textsOf(env) } : {}),
    ...(isRecord(bin) ? { bin: commandsOf(bin) } : {}),
  };
}

function textsOf(record: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}

function commandsOf(record: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (isTexts(value) ? [[name, value] as const] : [])),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function matchesGlob(glob: string, name: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(name);
}
