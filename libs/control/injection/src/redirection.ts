import {
  DEFAULT_INTERCEPTION,
  INTERCEPTION_FLAGS,
  readNames,
  readPorts,
  readRanges,
  type InterceptionSettings,
} from "@bookmesh/interception-api";
import { err, ok, type Result } from "@bookmesh/kernel";

/** What a pod changes about which of its connections are redirected. */
export type Redirection = Partial<InterceptionSettings>;

/** The annotations, each with the setting that it changes and how its value is read. Source: Istio's. */
const ANNOTATIONS = {
  includeOutboundIPRanges: ["includeOutboundRanges", readRanges],
  excludeOutboundIPRanges: ["excludeOutboundRanges", readRanges],
  includeInboundPorts: ["includeInboundPorts", readPorts],
  excludeInboundPorts: ["excludeInboundPorts", readPorts],
  includeOutboundPorts: ["includeOutboundPorts", readPorts],
  excludeOutboundPorts: ["excludeOutboundPorts", readPorts],
  excludeInterfaces: ["excludeInterfaces", readNames],
} as const satisfies Record<
  string,
  readonly [keyof InterceptionSettings, (text: string) => Result<unknown, string>]
>;
const PREFIX = "traffic.sidecar.istio.io/";
/** The full names of those annotations. */
export const REDIRECTION_ANNOTATIONS: readonly string[] = Object.keys(ANNOTATIONS).map(
  (name) => PREFIX + name,
);
/** The one whose feature does not exist: silence would let people believe in it. */
const UNSUPPORTED = `${PREFIX}kubevirtInterfaces`;
/** Flags that are always written, since people read them there. */
const ALWAYS: readonly (keyof InterceptionSettings)[] = [
  ...(["outboundPort", "inboundPort", "proxyUid", "proxyGid", "mode"] as const),
  ...([
    "includeOutboundRanges",
    "excludeOutboundRanges",
    "includeInboundPorts",
    "excludeInboundPorts",
  ] as const),
];

/** Reads a pod's annotations of `traffic.sidecar.istio.io`; a failure names each that cannot be used. */
export function readRedirection(annotations: Readonly<Record<string, string>>): Result<Redirection, string> {
  const problems: string[] = [];
  const settings: Record<string, string> = {};
  if (annotations[UNSUPPORTED]) problems.push(`Annotation ${UNSUPPORTED} is not supported.`);
  for (const [name, [setting, read]] of Object.entries(ANNOTATIONS)) {
    const text = annotations[PREFIX + name];
    if (text === undefined) continue;
    const outcome = read(text);
    if (!outcome.ok) problems.push(`Annotation ${PREFIX}${name} ${outcome.error}.`);
    else if (name.startsWith("exclude") && outcome.value === "*")
      problems.push(`Annotation ${PREFIX}${name} is "*": to leave everything alone, include nothing.`);
    settings[setting] = text;
  }
  return problems.length === 0 ? ok(settings) : err(problems.join(" "));
}

/** The command line of `istio-init`. The sidecar's own ports are never redirected. */
export function redirectionArguments(redirection: Redirection): readonly string[] {
  const { excludeInboundPorts: own } = DEFAULT_INTERCEPTION;
  const excludeInboundPorts = [own, redirection.excludeInboundPorts].filter(Boolean).join(",");
  const settings = { ...DEFAULT_INTERCEPTION, ...redirection, excludeInboundPorts };
  return Object.entries(INTERCEPTION_FLAGS).flatMap(([key, { short, long }]) => {
    const setting = key as keyof InterceptionSettings; // a key of the table
    const isSaid = ALWAYS.includes(setting) || settings[setting] !== DEFAULT_INTERCEPTION[setting];
    return isSaid ? [short === undefined ? `--${long}` : `-${short}`, settings[setting]] : [];
  });
}
