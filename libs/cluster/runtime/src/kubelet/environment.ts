import { err, ok, type Result } from "@bookmesh/kernel";
import type { ConfigMap, Container, EnvVar, Pod, Secret } from "@bookmesh/kube-api";
import { containerResource, podField, type NodeCapacity } from "./downward.ts";

/** Where values come from. */
export interface ValueSources {
  readonly pod: Pod;
  readonly capacity: NodeCapacity;
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
}

type Environment = Readonly<Record<string, string>>;

/**
 * The environment of a container: the runtime's variables, then `envFrom`, then `env`, each later one over the earlier,
 * with `$(NAME)` filled in from what stands before. The error is a sentence about what is missing.
 */
export function containerEnvironment(
  container: Container,
  runtime: Environment,
  sources: ValueSources,
): Result<Environment, string> {
  const environment: Record<string, string> = { ...runtime };
  for (const from of container.envFrom ?? []) {
    const values = envFromValues(from, sources);
    if (!values.ok) return values;
    for (const [name, value] of Object.entries(values.value))
      environment[`${from.prefix ?? ""}${name}`] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, container, { environment, sources });
    if (!value.ok) return value;
    if (value.value !== undefined) environment[variable.name] = value.value;
  }
  return ok(environment);
}

/** Fills `$(NAME)`; a name that is not set stays as it is, and `$$(NAME)` means the text `$(NAME)`. */
export function expandVariables(text: string, environment: Environment): string {
  return text.replace(/\$(\$|\(([^()]+)\))/g, (whole, token: string, name: string | undefined) => {
    if (token === "$") return "$";
    return environment[name ?? ""] ?? whole;
  });
}

/** The text behind a key of a ConfigMap's or Secret's data. */
export function dataOf(object: ConfigMap | Secret): Readonly<Record<string, Buffer>> {
  const isSecret = object.kind === "Secret";
  const entries = Object.entries(object.data ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, isSecret ? "base64" : "utf8")] as const,
  );
  const binary = object.kind === "ConfigMap" ? Object.entries(object.binaryData ?? {}) : [];
  return Object.fromEntries([
    ...entries,
    ...binary.map(([key, value]) => [key, Buffer.from(value, "base64")] as const),
  ]);
}

type EnvFrom = NonNullable<Container["envFrom"]>[number];

function envFromValues(
  { configMapRef, secretRef }: EnvFrom,
  sources: ValueSources,
): Result<Environment, string> {
  const reference = configMapRef ?? secretRef;
  if (reference === undefined) return ok({});
  const object = configMapRef ? sources.configMap(reference.name) : sources.secret(reference.name);
  if (object === undefined)
    return reference.optional === true
      ? ok({})
      : err(`${configMapRef ? "configmap" : "secret"} "${reference.name}" not found`);
  const data = Object.entries(dataOf(object));
  return ok(Object.fromEntries(data.map(([key, value]) => [key, value.toString("utf8")])));
}

function variableValue(
  { value, valueFrom }: EnvVar,
  container: Container,
  { environment, sources }: { readonly environment: Environment; readonly sources: ValueSources },
): Result<string | undefined, string> {
  if (valueFrom === undefined) return ok(expandVariables(value ?? "", environment));
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) {
    const field = podField(sources.pod, fieldRef.fieldPath);
    return field === undefined ? err(`unsupported fieldPath "${fieldRef.fieldPath}"`) : ok(field);
  }
  if (resourceFieldRef) return ok(containerResource(container, resourceFieldRef, sources.capacity));
  if (configMapKeyRef) return keyValue(configMapKeyRef, sources.configMap(configMapKeyRef.name), "configmap");
  if (secretKeyRef) return keyValue(secretKeyRef, sources.secret(secretKeyRef.name), "secret");
  return ok(undefined);
}

function keyValue(
  { name, key, optional }: { readonly name: string; readonly key: string; readonly optional?: boolean },
  object: ConfigMap | Secret | undefined,
  what: string,
): Result<string | undefined, string> {
  const value = object && dataOf(object)[key];
  if (value !== undefined) return ok(value.toString("utf8"));
  if (optional === true) return ok(undefined);
  return err(object ? `couldn't find key ${key} in ${what} ${name}` : `${what} "${name}" not found`);
}
