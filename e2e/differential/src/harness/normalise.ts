/** What differs from run to run or from cluster to cluster without meaning anything, and what stands for it. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/https:\/\/[\w.-]+:\d+/g, "https://SERVER"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UID"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"],
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "TIME"],
  // What `diff` calls its files.
  [/\/tmp\/(LIVE|MERGED)-\d+/g, "$1"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000/g, "TIME"],
  [/-----BEGIN CERTIFICATE-----[^"]*/g, "CERTIFICATE"],
  [/(?<=current: |connection for )\d+/g, "NUMBER"],
  // Names that controllers make: five random characters, after what they are of.
  [/\b(kube-api-access|endpointslice\.discovery\.k8s\.io\/web)-[a-z0-9]{5}\b/g, "$1-RANDOM"],
  [/"(resourceVersion|continue)":"[^"]*"/g, '"$1":"VERSION"'],
  [/(resourceVersion: )"?\d+"?/g, "$1VERSION"],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, "ADDRESS"],
  // Names that controllers make: the hash of a template, then five characters that are random.
  [/-[bcdfghjklmnpqrstvwxz2456789]{8,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?\b/g, "-HASH"],
  [/(pod-template-hash["':=]+ ?"?)[a-z0-9]+/g, "$1HASH"],
  // Ages, as columns and in brackets.
  [/(?<=[\s(]|^)(\d+[dhms]){1,2}(?=[\s)]|$)/g, "AGE"],
  [/\b\d+(\.\d+)?(ms|µs)\b/g, "AGE"],
];

/** The output without what changes from run to run; JSON with its keys in order; columns one blank apart. */
export function normalise(output: string): readonly string[] {
  return output
    .split("\n")
    .map((line) => VARIABLES.reduce((text, [pattern, name]) => text.replace(pattern, name), sorted(line)))
    .map((line) => line.replace(/(?<=\S) {2,}/g, " ").trimEnd())
    .filter((line) => line !== "");
}

function sorted(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    return JSON.stringify(inOrder(JSON.parse(line)));
  } catch {
    return line; // it only looked like JSON
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, inOrder(part)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
