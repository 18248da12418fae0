/** The options of `exec` that take a value as a word of their own. */
const WITH_VALUE = new Set(["-c", "--container", "-n", "--namespace", "--kubeconfig", "--context"]);

/**
 * Puts `--` before the command of `bookmesh exec POD … COMMAND …` where it is missing, so that the options of the
 * command are its own: `exec -ti POD -c C curl -s URL` is what kubectl took when the article was written.
 */
export function withCommandSeparator(words: readonly string[]): readonly string[] {
  if (words.includes("--")) return words;
  const [verb, , command] = positions(words);
  if (verb === undefined || words[verb] !== "exec" || command === undefined) return words;
  return [...words.slice(0, command), "--", ...words.slice(command)];
}

/** Where the words stand that are neither options nor their values: the verb, the pod, the command. */
function positions(words: readonly string[]): readonly number[] {
  const isValue = (index: number) => WITH_VALUE.has(words[index - 1] ?? "");
  return words.flatMap((word, index) => (word.startsWith("-") || isValue(index) ? [] : [index]));
}
