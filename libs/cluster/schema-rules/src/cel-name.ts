/** Words that CEL keeps for itself. Source: CEL specification, "Syntax"; Kubernetes, `cel.Escape`. */
const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

const SPECIAL: readonly (readonly [string, string])[] = [
  ["__", "__underscores__"],
  [".", "__dot__"],
  ["-", "__dash__"],
  ["/", "__slash__"],
];

/** A property as rules name it: `redrive-policy` is `redrive__dash__policy`; `undefined` where no rule can name it. */
export function celName(property: string): string | undefined {
  if (RESERVED.has(property)) return `__${property}__`;
  const escaped = SPECIAL.reduce((text, [character, word]) => text.replaceAll(character, word), property);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}
