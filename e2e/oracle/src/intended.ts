import type { Difference } from "./differences.ts";

/** A difference that is meant, where it may be found, and why. */
interface IntendedDifference {
  /** `*` stands for any one step, a last `**` for all that are left. */
  readonly at: readonly string[];
  readonly reason: string;
  /** Absent: whatever the two values are. */
  readonly holds?: (difference: Difference) => boolean;
}

const OURS_ONLY = ({ istiods }: Difference) => istiods === undefined;
const ISTIODS_ONLY = ({ ours }: Difference) => ours === undefined;

const INTENDED: readonly IntendedDifference[] = [
  {
    at: ["clusters", "*", "circuit_breakers", "thresholds", "*", "track_remaining"],
    reason: "Sidecars say how much room a limit leaves.",
    holds: OURS_ONLY,
  },
  {
    at: ["clusters", "*", "alt_stat_name"],
    reason: "istiod marks the end of a cluster's name for its own statistics filter.",
    holds: ISTIODS_ONLY,
  },
  {
    at: ["endpoints", "*", "*", "metadata"],
    reason: "istiod names the workload behind an address for its telemetry filter.",
    holds: ISTIODS_ONLY,
  },
  {
    at: ["routes", "*", "virtual_hosts", "*", "routes", "*", "decorator"],
    reason: "It names a span, and there are none.",
    holds: ISTIODS_ONLY,
  },
  {
    at: ["routes", "*", "max_direct_response_body_size_bytes"],
    reason: "Larger answers than Envoy's own limit are refused when they are written.",
    holds: ISTIODS_ONLY,
  },
  {
    at: ["routes", "*", "virtual_hosts", "*", "routes", "*", "name"],
    reason: "A match in a route without a name gives it its own, not one that begins with a dot.",
    holds: ({ ours, istiods }) => typeof ours === "string" && `.${ours}` === istiods,
  },
  {
    at: ["routes", "*", "virtual_hosts", "*", "routes", "*", "route", "retry_policy", "retry_priority"],
    reason: "No locality is preferred, so that every retry may go to any of them.",
    holds: ISTIODS_ONLY,
  },
  {
    at: [
      "routes",
      "*",
      "virtual_hosts",
      "*",
      "routes",
      "*",
      "typed_per_filter_config",
      "*",
      "abort",
      "percentage",
    ],
    reason: "Absent it is 0.",
    holds: ({ ours, istiods }) => ours === 0 && istiods === undefined,
  },
  {
    at: ["routes", "*", "virtual_hosts", "*", "include_request_attempt_count"],
    reason: "Where everything gets 404 there are no attempts to count.",
    holds: (difference) => OURS_ONLY(difference) && /^"blackhole:/.test(difference.at[3] ?? ""),
  },
  {
    at: ["routes", "80", "virtual_hosts", "*"],
    reason: "A port that a service does not have is not served, whatever rule names the service.",
    holds: ({ at, ours }) => ours === undefined && /\.svc\.cluster\.local:80"$/.test(at.at(-1) ?? ""),
  },
  {
    at: ["routes", "80", "virtual_hosts", "*", "routes", "*", "route", "**"],
    reason:
      "A service's only port is meant whatever port was called; istiod forgets those that were not called.",
    holds: ({ ours, istiods }) => typeof ours === "string" && ours.replace("|8080|", "|80|") === istiods,
  },
];

/** The differences that nobody means. */
export function unexplained(found: readonly Difference[]): readonly Difference[] {
  return found.filter((difference) => !INTENDED.some((intended) => explains(intended, difference)));
}

function explains({ at, holds = () => true }: IntendedDifference, difference: Difference): boolean {
  return isAt(at, difference.at) && holds(difference);
}

function isAt(pattern: readonly string[], path: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === "**";
  const steps = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? path.length < steps.length : path.length !== steps.length) return false;
  return steps.every((step, index) => step === "*" || step === path[index]);
}
