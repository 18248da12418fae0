import { Environment } from "@marcbachmann/cel-js";

/** What Kubernetes offers to rules and this server does not: a rule that calls one of these is stored, not evaluated. */
export const UNKNOWN_FUNCTIONS = [
  "url",
  "isURL",
  "ip",
  "isIP",
  "cidr",
  "isCIDR",
  "quantity",
  "isQuantity",
  "semver",
  "isSemver",
  "format",
] as const;

/** A rule of more parts is none that a person can read. */
const LIMITS = { maxAstNodes: 10_000, maxDepth: 100 };

/** The language of rules, with the functions that Kubernetes adds to it. Source: Kubernetes, "CEL community and Kubernetes libraries". */
export function ruleEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, limits: LIMITS });
  addTextFunctions(environment);
  addListFunctions(environment);
  return environment;
}

function addTextFunctions(environment: Environment): void {
  environment
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) =>
      text.charAt(Number(index)),
    )
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction(
      "string.replace(string, string, int): string",
      (text: string, ...[from, to, times]: readonly [string, string, bigint]) =>
        replaceSome(text, { from, to, times: Number(times) }),
    )
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => new RegExp(pattern, "u").exec(text)?.[0] ?? "",
    )
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
      Array.from(text.matchAll(new RegExp(pattern, "gu")), ([found]) => found),
    );
}

function replaceSome(
  text: string,
  { from, to, times }: { readonly from: string; readonly to: string; readonly times: number },
): string {
  if (times < 0) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  const replaced = parts.slice(0, times + 1).join(to);
  return [replaced, ...parts.slice(times + 1)].join(from);
}

type Ordered = string | number | bigint;

function addListFunctions(environment: Environment): void {
  const extreme = (list: readonly Ordered[], isBetter: (one: Ordered, other: Ordered) => boolean) => {
    const [first, ...others] = list;
    if (first === undefined) throw new Error("min and max called on an empty list");
    return others.reduce((best, each) => (isBetter(each, best) ? each : best), first);
  };
  environment
    .registerFunction("list.isSorted(): bool", (list: readonly Ordered[]) =>
      list.every((each, index) => index === 0 || (list[index - 1] ?? each) <= each),
    )
    .registerFunction("list.min(): dyn", (list: readonly Ordered[]) =>
      extreme(list, (one, other) => one < other),
    )
    .registerFunction("list.max(): dyn", (list: readonly Ordered[]) =>
      extreme(list, (one, other) => one > other),
    )
    .registerFunction("list.sum(): dyn", (list: readonly (number | bigint)[]) =>
      list.every((each) => typeof each === "bigint")
        ? list.reduce((total, each) => total + each, 0n)
        : list.reduce<number>((total, each) => total + Number(each), 0),
    )
    .registerFunction("list.indexOf(dyn): int", (list: readonly unknown[], value: unknown) =>
      BigInt(list.indexOf(value)),
    )
    .registerFunction("list.lastIndexOf(dyn): int", (list: readonly unknown[], value: unknown) =>
      BigInt(list.lastIndexOf(value)),
    );
}
