import { join } from "node:path";
import { run } from "@bookmesh/stories/run";
import type { Comparison, StepOutcome } from "./comparison.ts";
import { normalise } from "./normalise.ts";

/** Defined in every step's shell. */
const PRELUDE = `kubectl() { command "\${KUBECTL:-kubectl}" --namespace "$NAMESPACE" "$@"; }
clients() { "$CLIENTS" "$@"; }`;
/** A step that takes longer hangs; the rest of its case would mean nothing. */
const STEP_SECONDS = 100;
/** How `timeout` says that it ended the command. */
const TIMED_OUT = 124;
const MANIFESTS = join(import.meta.dirname, "../manifests");

/** Where steps run. */
export interface Cluster {
  readonly kubeconfig: string;
  /** Of the shell, besides the environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Runs the steps of a case on one cluster, in a namespace that begins empty and is deleted afterwards. */
export async function runComparison(
  { title, steps, cleanUp = "true" }: Comparison,
  { kubeconfig, variables }: Cluster,
): Promise<readonly StepOutcome[]> {
  const namespace = `differential-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const bash = (line: string) =>
    run("timeout", [String(STEP_SECONDS), "bash", "-c", `${PRELUDE}\n${line}`], {
      cwd: MANIFESTS,
      env: { ...process.env, ...variables, KUBECONFIG: kubeconfig, NAMESPACE: namespace, BASH_ENV: "" },
    });
  await bash(cleanUp);
  await bash("kubectl delete namespace $NAMESPACE --ignore-not-found && kubectl create namespace $NAMESPACE");
  // Its default service account comes a moment later, and pods need it.
  await bash("until kubectl get serviceaccount default; do sleep 0.2; done");
  try {
    const outcomes: StepOutcome[] = [];
    for (const step of steps) {
      const { code, stdout, stderr } = await bash(step);
      if (code === TIMED_OUT) throw new Error(`Not over after ${STEP_SECONDS} s with ${kubeconfig}: ${step}`);
      outcomes.push({ step, code, output: [...normalise(stdout), ...normalise(stderr)] });
    }
    return outcomes;
  } finally {
    await bash(cleanUp);
    await bash("kubectl delete namespace $NAMESPACE --wait=false");
  }
}
