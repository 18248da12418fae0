import { err, ok, type Result } from "@bookmesh/kernel";
import type { ResourceKind } from "@bookmesh/kube-model";
import type { KubeObject } from "@bookmesh/kube-api";

/** Says whether an object satisfies a field selector. */
export type FieldMatcher = (object: KubeObject) => boolean;

interface Term {
  readonly field: string;
  readonly isNegated: boolean;
  readonly value: string;
}

/** Reads `metadata.name=x,status.phase!=Running` for a kind, or says why it cannot. "" selects everything. */
export function parseFieldSelector(kind: ResourceKind, text: string): Result<FieldMatcher, string> {
  const matchers: FieldMatcher[] = [];
  for (const part of splitTerms(text)) {
    const term = readTerm(part, text);
    if (!term.ok) return term;
    const valueOf = fieldOf(kind, term.value.field);
    if (valueOf === undefined) return err(unknownField(kind, term.value.field));
    const { value, isNegated } = term.value;
    matchers.push((object) => (valueOf(object) === value) !== isNegated);
  }
  return ok((object) => matchers.every((matches) => matches(object)));
}

/** Parts between commas; a backslash takes the comma's meaning away. */
function splitTerms(text: string): readonly string[] {
  return [...text.matchAll(/(?:\\.|[^,\\]|\\$)+/gs)].map(([part]) => part);
}

function readTerm(part: string, whole: string): Result<Term, string> {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
  if (match === null) return err(`invalid selector: '${whole}'; can't understand '${part}'`);
  const [, field = "", operator, escaped = ""] = match;
  const value = unescapeValue(escaped);
  return value.ok ? ok({ field, isNegated: operator === "!=", value: value.value }) : value;
}

function unescapeValue(escaped: string): Result<string, string> {
  const bareSpecial = /^(?:\\.|[^\\])*?(?<!\\)([,=])/s.exec(escaped)?.[1];
  if (bareSpecial !== undefined) {
    return err(`invalid field selector: unescaped character in value: ${bareSpecial.charCodeAt(0)}`);
  }
  const badEscape = /^(?:\\[\\,=]|[^\\])*(\\(?![\\,=]).?)/s.exec(escaped)?.[1];
  if (badEscape !== undefined) return err(`invalid field selector: invalid escape sequence: ${badEscape}`);
  return ok(escaped.replaceAll(/\\([\\,=])/g, "$1"));
}

function fieldOf(kind: ResourceKind, field: string): ((object: KubeObject) => string) | undefined {
  if (field === "metadata.name") return ({ metadata }) => metadata.name;
  if (field === "metadata.namespace" && kind.namespaced) return ({ metadata }) => metadata.namespace ?? "";
  return Object.hasOwn(kind.selectableFields, field) ? kind.selectableFields[field] : undefined;
}

function unknownField({ selectableFields }: ResourceKind, field: string): string {
  if (Object.keys(selectableFields).length > 0) return `field label not supported: ${field}`;
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
