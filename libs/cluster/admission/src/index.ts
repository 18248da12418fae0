export { admissionChain, builtInAdmission } from "./admission-chain.ts";
