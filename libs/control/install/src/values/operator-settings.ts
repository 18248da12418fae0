import { err, ok, type ConfigIssue, type Result } from "@bookmesh/kernel";

/** The kind of document in which Istio's users keep their choices. */
const OPERATOR = { group: "install.istio.io", kind: "IstioOperator" } as const;

/** Reads such a document, parsed, as the settings that its `spec` holds: `profile=demo`, `values.pilot.replicaCount=3`. */
export function operatorSettings(document: unknown): Result<readonly string[], readonly ConfigIssue[]> {
  if (!isRecord(document)) return err([{ path: "", problem: "must be an object" }]);
  const issues = [
    ...(document["kind"] === OPERATOR.kind ? [] : [{ path: "kind", problem: `must be ${OPERATOR.kind}` }]),
    ...(String(document["apiVersion"]).startsWith(`${OPERATOR.group}/`)
      ? []
      : [{ path: "apiVersion", problem: `must be ${OPERATOR.group}/v1alpha1` }]),
  ];
  const leaves = leavesOf(document["spec"] ?? {}, "").filter((leaf) => !isOwnName(leaf));
  const lists = leaves.filter(({ value }) => Array.isArray(value));
  issues.push(...lists.map(({ path }) => ({ path, problem: "is a list, and no setting holds one" })));
  return issues.length > 0 ? err(issues) : ok(leaves.map(({ path, value }) => `${path}=${String(value)}`));
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** A component of a list is told by its place; that it bears the name which it has anyway says nothing. */
function isOwnName({ path, value }: Leaf): boolean {
  const [, kind] = /^components\.(ingress|egress)Gateways\[0\]\.name$/.exec(path) ?? [];
  return kind !== undefined && value === `istio-${kind}gateway`;
}

function leavesOf(value: unknown, path: string): readonly Leaf[] {
  if (Array.isArray(value) && value.every(isRecord))
    return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (!isRecord(value)) return [{ path: path === "" ? "spec" : path, value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === "" ? key : `${path}.${key}`),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
