import { parseArgs } from "node:util";
import { propertyProof } from "./property-proof.ts";
import { propagationProof } from "./propagation-proof.ts";
import type { Proof } from "./proof.ts";
import { recordProof } from "./record-proof.ts";
import { storeProof } from "./store-proof.ts";

/** All proofs by their names: long runs that count what a test only samples. */
const PROOFS: Readonly<Record<string, Proof>> = {
  admission: propertyProof("whatever the webhook takes, the sidecar takes", "e2e/simulation", {
    runs: 15_000,
    shortRuns: 2_000,
  }),
  framing: propertyProof(
    "a stream of requests, cut anywhere, is read as a plain reader reads it",
    "libs/data/http1",
    {
      runs: 100_000,
      shortRuns: 5_000,
    },
  ),
  propagation: propagationProof,
  store: storeProof,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false } },
});
const [name = ""] = positionals;
const proof = PROOFS[name];

if (proof === undefined) {
  process.stderr.write(
    `There is no proof "${name}"; there are: ${Object.keys(PROOFS).join(", ")}.\nUsage: npm run proof -- NAME [--short]\n`,
  );
  process.exit(2);
}
const result = await proof(values.short);
recordProof(name, values.short, result);
process.exit(result.holds ? 0 : 1);
