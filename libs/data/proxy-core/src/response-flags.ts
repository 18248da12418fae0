/** Why a request went as it did, as Envoy's access log has it. */
export type ResponseFlag =
  "UH" | "UT" | "UF" | "UC" | "UO" | "NR" | "DI" | "FI" | "DC" | "URX" | "SI" | "DPE" | "UPE" | "NC";

/** No flag: the request went as it should. */
export const NO_FLAGS = "-";

/** `flags` with one more of them, in the order in which they came about: `URX,UF`. Source: Envoy's `StreamInfo`. */
export function withFlag(flags: string, flag: ResponseFlag): string {
  if (flags === NO_FLAGS) return flag;
  return flags.split(",").includes(flag) ? flags : `${flags},${flag}`;
}
