/** The options of `exec` that take a value as a word of their own. */
const WITH_VALUE = new Set(["-c", "--container", "-n", "--namespace", "--kubeconfig", "--context"]);

/**
 * Puts `--` before the command of `bookmesh exec POD … COMMAND …` where it is missing, so that the options of the
 * command are its own: `exec -ti POD -c C curl -s URL` is what kubectl took when the article was written.
 */
export function withCommandSeparator(words: readonly string[]): readonly string[] {
  if (words[0] !== "exec" || words.includes("--")) return words;
  const at = commandStart(words);
  return at === undefined ? words : [...words.slice(0, at), "--", ...words.slice(at)];
}

/** Where the second word stands that is neither an option nor its value: the first is the pod. */
function commandStart(words: readonly string[]): number | undefined {
  let podSeen = false;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (WITH_VALUE.has(word)) index += 1;
    else if (word.startsWith("-")) continue;
    else if (podSeen) return index;
    else podSeen = true;
  }
  return undefined;
}
