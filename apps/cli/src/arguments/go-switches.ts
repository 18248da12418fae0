/** Switches that may be given a value after "=", as programs written in Go take them. */
const SWITCH = /^(?:--use-kube|-k)=(true|false)$/;

/** Writes `--use-kube=false` as `--no-use-kube`, and `--use-kube=true` as `--use-kube`. */
export function withGoSwitches(words: readonly string[]): readonly string[] {
  return words.map((word) => {
    const [, value] = SWITCH.exec(word) ?? [];
    if (value === undefined) return word;
    return value === "true" ? "--use-kube" : "--no-use-kube";
  });
}
