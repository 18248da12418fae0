import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import type { Credentials, KubeConfig } from "./kube-config.ts";

/**
 * Reads a kubeconfig file; `context` names another than its current one. Files that it names are found relative
 * to it, as kubectl does. Throws a sentence where the file or what it should hold is missing.
 */
export function loadKubeConfig(path: string, context?: string): KubeConfig {
  const document = fields(parse(readText(path, "The kubeconfig")));
  const contextName = context ?? text(document["current-context"]);
  if (!contextName)
    throw new Error(`The kubeconfig ${path} has no current context; name one with --context.`);
  const chosen = entry(document, { list: "contexts", name: contextName, value: "context", path });
  const cluster = entry(document, {
    list: "clusters",
    name: text(chosen["cluster"]) ?? "",
    value: "cluster",
    path,
  });
  const userName = text(chosen["user"]);
  const user = userName ? entry(document, { list: "users", name: userName, value: "user", path }) : {};
  return { ...clusterPart(cluster, path), credentials: credentialsOf(user, path), ...namespaceOf(chosen) };
}

type Fields = Readonly<Record<string, unknown>>;

function clusterPart(cluster: Fields, path: string): Omit<KubeConfig, "credentials"> {
  const server = text(cluster["server"]);
  if (!server) throw new Error(`The kubeconfig ${path} names no server for its cluster.`);
  const certificateAuthority = pem(cluster, "certificate-authority", path);
  const tlsServerName = text(cluster["tls-server-name"]);
  return {
    server: server.replace(/\/+$/, ""),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(cluster["insecure-skip-tls-verify"] === true && { insecureSkipTlsVerify: true }),
  };
}

function credentialsOf(user: Fields, path: string): Credentials {
  if (user["exec"] !== undefined || user["auth-provider"] !== undefined) {
    throw new Error(`The kubeconfig ${path} asks a credential plugin, which is not supported; use a token.`);
  }
  const clientCertificate = pem(user, "client-certificate", path);
  const clientKey = pem(user, "client-key", path);
  const token = text(user["token"]);
  const tokenFile = text(user["tokenFile"]);
  return {
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile: beside(path, tokenFile) }),
  };
}

function namespaceOf(context: Fields): Pick<KubeConfig, "namespace"> {
  const namespace = text(context["namespace"]);
  return namespace === undefined ? {} : { namespace };
}

/** `<name>-data` holds it in base64, `<name>` names a file. */
function pem(from: Fields, name: string, path: string): string | undefined {
  const embedded = text(from[`${name}-data`]);
  if (embedded !== undefined) return Buffer.from(embedded, "base64").toString("utf8");
  const file = text(from[name]);
  return file === undefined ? undefined : readText(beside(path, file), `The file that ${path} names`);
}

interface Wanted {
  readonly list: "contexts" | "clusters" | "users";
  readonly name: string;
  readonly value: "context" | "cluster" | "user";
  readonly path: string;
}

function entry(document: Fields, { list, name, value, path }: Wanted): Fields {
  const entries: readonly unknown[] = Array.isArray(document[list]) ? document[list] : [];
  const found = entries.map(fields).find((candidate) => candidate["name"] === name);
  if (!found) throw new Error(`The kubeconfig ${path} has no ${value} "${name}".`);
  return fields(found[value]);
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`${what} cannot be read: ${path}.`, { cause });
  }
}

function beside(path: string, file: string): string {
  return resolve(dirname(path), file);
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
