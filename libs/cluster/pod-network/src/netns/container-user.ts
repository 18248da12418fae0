import { readFileSync } from "node:fs";
import type { Container } from "@bookmesh/kube-api";
import type { Argv } from "../pod-network.ts";

/** The containers of a sidecar, as the injector names them, and its user. */
const PROXY = "istio-proxy";
const INIT = "istio-init";
const PROXY_USER = 1337;
/** Which users and groups there are in this process's namespace. */
const USERS = "/proc/self/uid_map";
const GROUPS = "/proc/self/gid_map";
/** Where sidecars reach the mesh itself, which they must before they can redirect anything. */
const MESH_PORT = "15012";
const EXCLUDE_PORTS = "-o";

/**
 * The container's own user; none where all processes of this network are one. Throws a sentence where there are several,
 * and not this one.
 */
export function userCommand({ securityContext }: Container): readonly string[] {
  const user = securityContext?.["runAsUser"];
  const group = securityContext?.["runAsGroup"] ?? user;
  if (typeof user !== "number" || user === 0 || typeof group !== "number") return [];
  if (isOneUser()) return [];
  if (!isMapped(user, USERS) || !isMapped(group, GROUPS))
    throw new Error(
      `user ${user}, group ${group} cannot be had: /etc/subuid and /etc/subgid must give you a range that has it`,
    );
  // Its image is this machine, where the project may lie in a directory that only its owner may enter.
  const reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
  return ["setpriv", `--reuid=${user}`, `--regid=${group}`, "--clear-groups", ...reading];
}

function isMapped(id: number, map: string): boolean {
  const lines = readFileSync(map, "utf8").trim().split("\n");
  return lines.some((line) => {
    const [from = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return id >= from && id < from + count;
  });
}

/** Says whether a sidecar's connections cannot be told from its application's by their user. */
export function isOneUser(): boolean {
  return !isMapped(PROXY_USER, USERS);
}

/** What `istio-init` is told besides where they are told by the address that they come from. */
export function withProxySource(container: Container, argv: Argv, source: string): Argv {
  if (container.name !== INIT || !isOneUser()) return argv;
  const at = argv.lastIndexOf(EXCLUDE_PORTS);
  const excluded = [at < 0 ? "" : (argv[at + 1] ?? ""), MESH_PORT].filter(Boolean).join(",");
  return [...argv, "--proxy-source-address", source, EXCLUDE_PORTS, excluded];
}

/** The variable by which the sidecar knows where its connections shall come from then. */
export function proxySourceVariable({ name }: Container, source: string): Readonly<Record<string, string>> {
  return name === PROXY && isOneUser() ? { PROXY_SOURCE_ADDRESS: source } : {};
}
