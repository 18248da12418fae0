import type { Container, IntOrString, Probe } from "@bookmesh/kube-api";

/** The sidecar's port for probes and metrics. */
export const AGENT_PORT = 15_020;

/** A container whose probes ask the sidecar, and what the sidecar has to ask in turn. */
export interface RewrittenContainer {
  readonly container: Container;
  /** Path on the sidecar's port → the original probe, its port as a number. */
  readonly originals: Readonly<Record<string, Probe>>;
}

const PROBES = { readinessProbe: "readyz", livenessProbe: "livez", startupProbe: "startupz" } as const;
/** The fields of a probe that say what is asked; the others say when. */
const QUESTIONS: ReadonlySet<string> = new Set(["httpGet", "tcpSocket", "grpc"]);
type ProbeField = keyof typeof PROBES;

/**
 * Sends the HTTP, TCP and gRPC probes of a container to the sidecar, which asks the application: a kubelet has no
 * identity in the mesh, and in the local cluster the application does not listen on the pod's IP.
 * Commands are run inside of the container and stay as they are, and so does a port whose name nobody declares.
 */
export function rewriteProbes(container: Container): RewrittenContainer {
  let rewritten = container;
  const originals: Record<string, Probe> = {};
  for (const field of Object.keys(PROBES) as ProbeField[]) {
    const original = container[field] && askedProbe(container[field], container);
    if (original === undefined) continue;
    const path = `/app-health/${container.name}/${PROBES[field]}`;
    originals[path] = original;
    rewritten = { ...rewritten, [field]: viaSidecar(container[field] ?? {}, path) };
  }
  return { container: rewritten, originals };
}

/** What the sidecar must ask: the question and how long it may take. */
function askedProbe(probe: Probe, container: Container): Probe | undefined {
  const question = resolvePort(probe, container);
  return question && { ...question, timeoutSeconds: probe.timeoutSeconds ?? 1 };
}

function resolvePort({ httpGet, tcpSocket, grpc }: Probe, container: Container): Probe | undefined {
  if (grpc) return { grpc };
  const port = portNumber((httpGet ?? tcpSocket)?.port, container);
  if (port === undefined) return undefined;
  if (httpGet) return { httpGet: { ...httpGet, path: httpGet.path ?? "/", port } };
  return { tcpSocket: { ...tcpSocket, port } };
}

function portNumber(port: IntOrString | undefined, { ports }: Container): number | undefined {
  if (typeof port !== "string") return port;
  if (/^\d+$/.test(port)) return Number(port);
  return ports?.find(({ name }) => name === port)?.containerPort;
}

function viaSidecar(probe: Probe, path: string): Probe {
  const timing = Object.fromEntries(Object.entries(probe).filter(([field]) => !QUESTIONS.has(field)));
  return { ...timing, httpGet: { path, port: AGENT_PORT, scheme: "HTTP" } };
}
