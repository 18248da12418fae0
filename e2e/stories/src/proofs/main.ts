import { parseArgs } from "node:util";
import { TARGETS } from "../harness/platform.ts";
import { changesProof } from "./changes-proof.ts";
import { controlPlaneScaleProof } from "./control-plane-scale-proof.ts";
import { oracleProof } from "./oracle-proof.ts";
import { podStartProof } from "./pod-start-proof.ts";
import { propertyProof } from "./property-proof.ts";
import { propagationProof } from "./propagation-proof.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { printProof, recordProof } from "./record-proof.ts";
import { rolloutsProof } from "./rollouts-proof.ts";
import { simulationProof } from "./simulation-proof.ts";
import { storeProof } from "./store-proof.ts";
import { webhookProof } from "./webhook-proof.ts";

/** All proofs by their names: long runs that count what a test only samples. */
const PROOFS: Readonly<Record<string, Proof>> = {
  admission: propertyProof("whatever the webhook takes, the sidecar takes", "e2e/simulation", {
    runs: 15_000,
    shortRuns: 2_000,
  }),
  changes: changesProof,
  breaker: propertyProof(
    "outlier detection ejects and returns hosts as its plain model does",
    "libs/data/proxy-core/src/outlier",
    {
      runs: 100_000,
      shortRuns: 5_000,
    },
  ),
  "control-plane-scale": controlPlaneScaleProof,
  framing: propertyProof(
    "a stream of requests, cut anywhere, is read as a plain reader reads it",
    "libs/data/http1",
    {
      runs: 100_000,
      shortRuns: 5_000,
    },
  ),
  oracle: oracleProof,
  "pod-start": podStartProof,
  propagation: propagationProof,
  rollouts: rolloutsProof,
  simulation: simulationProof,
  store: storeProof,
  webhook: webhookProof,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    target: { type: "string", default: "laptop" },
    kubeconfig: { type: "string" },
    runs: { type: "string", default: "1" },
  },
});
const [name = ""] = positionals;
const proof = PROOFS[name];

const target = TARGETS.find((known) => known === values.target);
const runs = Number(values.runs);
if (values.kubeconfig !== undefined) process.env["KUBECONFIG"] = values.kubeconfig;

if (proof === undefined || target === undefined || !(runs >= 1)) {
  process.stderr.write(
    `There is no proof "${name}" on "${values.target}"; there are: ${Object.keys(PROOFS).join(", ")}.\nUsage: npm run proof -- NAME [--short] [--target ${TARGETS.join(" | ")}] [--kubeconfig FILE] [--runs COUNT]\n`,
  );
  process.exit(2);
}
const options = { short: values.short, target };
const results: ProofResult[] = [];
for (let run = 1; run <= runs; run += 1) {
  const result = await proof(options);
  printProof(result);
  results.push(result);
  if (!options.short) recordProof(name, options, results);
}
process.exit(results.every(({ holds }) => holds) ? 0 : 1);
