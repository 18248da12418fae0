/** Some commands in an order, each of them compared; they share a namespace and a shell's state does not carry over. */
export interface Comparison {
  /** Names the case and, in lower case with dashes, its namespace. */
  readonly title: string;
  /** Lines of bash. `kubectl` is bound to the cluster and namespace; the working directory holds the manifests. */
  readonly steps: readonly string[];
  /** What its steps call beside kubectl; where that cannot be had, the case is left out and says so. */
  readonly needs?: Tool;
  /** Takes away what does not go with the namespace, before and after the steps. */
  readonly cleanUp?: string;
}

/** What some cases need: the program on client-go (`clients BEHAVIOUR`), or the webhook that both clusters reach (`$WEBHOOK_URL`). */
export type Tool = "clients" | "webhook";

/** A tool as steps find it, in variables of their shell; or why it cannot be had. */
export type Provided =
  { readonly variables: Readonly<Record<string, string>> } | { readonly missing: string };

/** A difference that is meant, or that is known and why. */
export interface Difference {
  readonly title: string;
  /** The step, or its beginning. */
  readonly step: string;
  readonly reason: string;
}

/** What a step did on one cluster, without what changes from run to run. */
export interface StepOutcome {
  readonly step: string;
  readonly code: number;
  readonly output: readonly string[];
}

/** Compares outcomes step by step and holds them against the list of differences. One sentence a fault. */
export function faultsOf(
  { ours, real }: { readonly ours: readonly StepOutcome[]; readonly real: readonly StepOutcome[] },
  differences: readonly Difference[],
): readonly string[] {
  return ours.flatMap((outcome, index) => {
    const expected = real[index];
    const isSame = JSON.stringify(outcome) === JSON.stringify(expected);
    const explained = differences.find(({ step }) => outcome.step.startsWith(step));
    if (isSame && explained) return [`No longer differs; take it off the list: ${outcome.step}`];
    if (isSame || explained) return [];
    return [`Differs: ${outcome.step}\n--- real\n${textOf(expected)}\n+++ ours\n${textOf(outcome)}`];
  });
}

function textOf(outcome: StepOutcome | undefined): string {
  return outcome ? [`(exit code ${outcome.code})`, ...outcome.output].join("\n") : "(did not run)";
}
