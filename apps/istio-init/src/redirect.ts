import { networkInterfaces } from "node:os";
import { redirectionRules, removalRules } from "@bookmesh/interception";
import type { AddressFamily } from "@bookmesh/interception-api";
import { messageOf } from "@bookmesh/kernel";
import type { InitArguments } from "./arguments.ts";
import { findIptables } from "./iptables.ts";

/** Writes or removes the rules of both families; a family that the pod does not use may fail. Returns the exit code. */
export function redirect(wanted: InitArguments): number {
  const families: readonly AddressFamily[] = [4, 6];
  for (const family of families) {
    try {
      redirectFamily(wanted, family);
    } catch (error) {
      if (family === 4 || hasIpv6()) {
        process.stderr.write(`istio-init: ${messageOf(error)}\n`);
        return 1;
      }
      say(family, `skipped, the pod has no such address. ${messageOf(error)}`);
    }
  }
  return 0;
}

function redirectFamily(wanted: InitArguments, family: AddressFamily): void {
  const { interception, isDryRun, isCleanup } = wanted;
  const { proxy } = interception;
  const isUnknown = "sources" in proxy && !proxy.sources.some((source) => source.family === family);
  if (isUnknown && !isCleanup) {
    say(family, "skipped, --proxy-source-address names none of its addresses.");
    return;
  }
  const iptables = isDryRun && !isCleanup ? undefined : findIptables(family);
  const saved = iptables?.saved ?? "";
  const rules = isCleanup ? removalRules(saved) : redirectionRules(interception, family, saved);
  const program = iptables?.program ?? "iptables-restore";
  say(family, rules === undefined ? "there are no rules of ours." : `for ${program}:`);
  if (rules === undefined) return;
  process.stdout.write(rules);
  if (!isDryRun) iptables?.restore(rules);
}

function say(family: AddressFamily, sentence: string): void {
  process.stdout.write(`# IPv${family}: ${sentence}\n`);
}

/** Whether the pod can be reached by IPv6 from outside. */
function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(
      ({ family, address, internal }) => family === "IPv6" && !internal && !/^fe80:/i.test(address),
    ),
  );
}
