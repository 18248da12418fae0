import type { CallExplanation, SimulatedProxy, Tally } from "@bookmesh/simulation";
import { print, type ConsoleIo } from "../console-io.ts";
import { formatTable, KUBECTL_STYLE } from "./format-table.ts";

/** Prints what becomes of one call, a step a line. */
export function printExplanation(
  io: ConsoleIo,
  { steps, status }: Pick<CallExplanation, "steps" | "status">,
): void {
  steps.forEach((step, index) => {
    print(io, `${index + 1}. ${step}`);
  });
  if (status !== undefined) print(io, `The proxy answers ${status} itself.`);
}

/** Prints what became of many calls. */
export function printTally(io: ConsoleIo, tally: Tally, { pods }: SimulatedProxy["world"]): void {
  const { calls, statuses, flags, retries, mirrored, ejections, tookMs } = tally;
  print(io, "");
  print(io, `${calls} calls in ${seconds(tookMs)} of virtual time: ${counts(statuses)}${flagsText(flags)}`);
  if (retries > 0) print(io, `Retries: ${retries}`);
  for (const [cluster, copies] of Object.entries(mirrored)) print(io, `Copies to ${cluster}: ${copies}`);
  const nameOf = (address: string) =>
    pods.find(({ status }) => status?.podIP === address.replace(/:\d+$/, ""))?.metadata.name ?? "";
  const rows = Object.entries(tally.hosts).map(([address, { tries, failures }]) => {
    const out = ejections.filter((ejection) => ejection.address === address);
    const times = out.map(({ atMs }) => seconds(atMs)).join(", ");
    return [address, nameOf(address), String(tries), String(failures), times || "-"];
  });
  if (rows.length > 0)
    io.stdout.write(
      `\n${formatTable([["HOST", "POD", "TRIES", "FAILED", "EJECTED AT"], ...rows], KUBECTL_STYLE)}`,
    );
}

/** Pauses before retries are drawn by chance, to fractions of a millisecond. */
function seconds(ms: number): string {
  return `${Math.round(ms) / 1_000} s`;
}

function counts(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([name, count]) => `${name}: ${count}`)
    .join(", ");
}

function flagsText(flags: Tally["flags"]): string {
  return Object.keys(flags).length === 0 ? "" : ` (flags ${counts(flags)})`;
}
