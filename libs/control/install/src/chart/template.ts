/** A line of a Helm template, or lines that a condition chooses. */
export type TemplatePart = string | Choice;

/** Lines for either answer to a condition. */
export interface Choice {
  /** What Helm asks: `.Values.global.networkPolicy.enabled`, `.Release.IsInstall`. */
  readonly condition: string;
  readonly yes: readonly TemplatePart[];
  readonly no: readonly TemplatePart[];
}

/** The template that is `yes` or `no` by a condition: what both begin and end with stays outside of the condition. */
export function choose({ condition, yes, no }: Choice): readonly TemplatePart[] {
  const before = sharedLength(yes, no);
  const after = sharedLength(yes.slice(before).toReversed(), no.slice(before).toReversed());
  const rest = (parts: readonly TemplatePart[]) => parts.slice(before, parts.length - after);
  const choice = { condition, yes: rest(yes), no: rest(no) };
  if (choice.yes.length === 0 && choice.no.length === 0) return yes;
  return [...yes.slice(0, before), choice, ...yes.slice(yes.length - after)];
}

/** Writes a template, a line for each line of its outcome; conditions leave none. */
export function printTemplate(parts: readonly TemplatePart[]): string {
  return parts.flatMap(linesOf).join("\n") + "\n";
}

function linesOf(part: TemplatePart): readonly string[] {
  if (typeof part === "string") return [part];
  const yes = part.yes.flatMap(linesOf);
  const no = part.no.flatMap(linesOf);
  const indent = /^ */.exec(yes[0] ?? no[0] ?? "")?.[0] ?? "";
  const tag = (text: string) => `${indent}{{- ${text} }}`;
  if (yes.length === 0) return [tag(`if not ${part.condition}`), ...no, tag("end")];
  return [tag(`if ${part.condition}`), ...yes, ...(no.length > 0 ? [tag("else"), ...no] : []), tag("end")];
}

function sharedLength(one: readonly TemplatePart[], other: readonly TemplatePart[]): number {
  const differs = one.findIndex((part, index) => JSON.stringify(part) !== JSON.stringify(other[index]));
  return differs < 0 ? Math.min(one.length, other.length) : differs;
}
