/** Says that `condition` holds by construction; throws where it does not, since that is a bug of ours. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${sentence}`);
}
