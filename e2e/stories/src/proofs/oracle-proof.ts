import type { Proof } from "./proof.ts";
import { propertyProof } from "./property-proof.ts";

const CLAIM = "istiod tells a sidecar and a gateway the same of random rules";
const compare = propertyProof(CLAIM, "e2e/oracle", { runs: 10_000, shortRuns: 1_000 });

/** Compares with istiod far more rules than an ordinary run does. Without istiod nothing is shown. */
export const oracleProof: Proof = async (options) => {
  if ((process.env["ISTIOD_ORACLE"] ?? "") !== "") return compare(options);
  return { claim: CLAIM, holds: false, figures: [["left out", "ISTIOD_ORACLE names no program"]] };
};
