import { ANALYZERS, meshAnalysis, MESSAGE_TYPES, VALIDATION, worldOf, type Level } from "@bookmesh/analysis";
import type { KubeObject } from "@bookmesh/kube-api";
import type { MeshConfig } from "@bookmesh/mesh-api";
import { clusterMeshConfig, clusterObjects } from "../analyze/cluster-objects.ts";
import { fileObjects, type FileObject } from "../analyze/file-objects.ts";
import { gatherFiles } from "../analyze/gather-files.ts";
import {
  atLeast,
  isSuppressedAt,
  messageOf,
  printMessages,
  sortMessages,
  suppression,
  type Message,
} from "../analyze/messages.ts";
import { lastOfEach, mergeObjects } from "../analyze/merge-objects.ts";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT, UsageError } from "../failures.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** The options of `bookmesh analyze`. */
export interface AnalyzeOptions extends ClusterOptions {
  readonly filename: readonly string[];
  readonly useKube: boolean;
  readonly allNamespaces?: boolean;
  readonly recursive?: boolean;
  readonly ignoreUnknown?: boolean;
  readonly listAnalyzers?: boolean;
  readonly output: "log" | "json" | "yaml";
  readonly outputThreshold: Level;
  readonly failureThreshold: Level;
  readonly suppress: readonly string[];
}

/** `bookmesh analyze`: what is wrong with the objects of files, of a cluster, or of the cluster once it has the files. */
export async function analyze(
  io: ConsoleIo,
  paths: readonly string[],
  options: AnalyzeOptions,
): Promise<void> {
  if (options.listAnalyzers === true) {
    listAnalyzers(io);
    return;
  }
  const session = options.useKube ? sessionOf(io, options) : undefined;
  const namespace = options.namespace ?? session?.namespace ?? "default";
  const named = [...paths, ...options.filename];
  if (session === undefined && named.length === 0)
    throw new UsageError("Name files, folders or - to analyze, or leave out --use-kube=false.");
  const sources = await gatherFiles(io, named, options.recursive === true);
  const files = fileObjects(sources, namespace);
  const stored = session === undefined ? [] : await clusterObjects(session.client);
  const messages = messagesOf(
    { files: files.objects, stored, ...(await meshConfigOf(session)) },
    namespace,
    options,
  );
  printMessages(io, atLeast(messages, options.outputThreshold), options);
  conclude(
    io,
    { messages, problems: files.problems, target: targetOf(sources, namespace, options) },
    options,
  );
}

function sessionOf(io: ConsoleIo, options: AnalyzeOptions): Session {
  try {
    return openSession(io, options);
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${sentence} To analyze files alone, add --use-kube=false.`, { cause });
  }
}

async function meshConfigOf(session: Session | undefined): Promise<{ readonly meshConfig?: MeshConfig }> {
  return session === undefined ? {} : { meshConfig: await clusterMeshConfig(session.client) };
}

interface Analyzed {
  readonly files: readonly FileObject[];
  readonly stored: readonly KubeObject[];
  readonly meshConfig?: MeshConfig;
}

/** Objects of files are always told of; those of a cluster where they are in the namespace that is asked for. */
function messagesOf(
  { files, stored, meshConfig }: Analyzed,
  namespace: string,
  options: AnalyzeOptions,
): readonly Message[] {
  const analysis = meshAnalysis(ANALYZERS);
  const placed = mergeObjects(files, stored);
  const valid = placed.map(({ object }) => object).filter((object) => analysis.validate(object).isValid);
  const world = worldOf(lastOfEach(valid), meshConfig);
  const suppressions = options.suppress.map(readSuppression);
  const isAsked = ({ object, placeOf }: Partial<FileObject> & Pick<FileObject, "object">) =>
    placeOf !== undefined || options.allNamespaces === true || isIn(object, namespace);
  const messages = placed.filter(isAsked).flatMap(({ object, placeOf }) =>
    analysis
      .findings(object, world)
      .filter(
        ({ code }) => !isSuppressedAt(object, code) && !suppressions.some((isQuiet) => isQuiet(object, code)),
      )
      .map((finding) => messageOf(object, finding, placeOf?.(finding.path))),
  );
  return sortMessages(messages);
}

function isIn({ kind, metadata }: KubeObject, namespace: string): boolean {
  return (kind === "Namespace" ? metadata.name : metadata.namespace) === namespace;
}

function readSuppression(text: string): NonNullable<ReturnType<typeof suppression>> {
  const read = suppression(text);
  if (read === undefined)
    throw new UsageError(
      `"${text}" suppresses nothing: write CODE=KIND NAME.NAMESPACE, for instance "IST0103=Pod *.shop".`,
    );
  return read;
}

interface Outcome {
  readonly messages: readonly Message[];
  readonly problems: readonly string[];
  readonly target: string;
}

/** The last words, on standard error, and the exit code: the same in every format. */
function conclude(io: ConsoleIo, { messages, problems, target }: Outcome, options: AnalyzeOptions): void {
  for (const problem of problems) warn(io, `Error reading a file: ${problem}`);
  if (atLeast(messages, options.failureThreshold).length > 0) {
    warn(io, `Error: Analyzers found issues when analyzing ${target}.`);
    warn(io, "See docs/analysis.md for what each code means.");
    throw new Ended(EXIT.findings);
  }
  if (atLeast(messages, options.outputThreshold).length === 0 && options.output === "log") {
    const but = problems.length === 0 ? "" : ` (but ${problems.length} documents could not be read)`;
    const mark = problems.length === 0 ? `${colors(io).green("✔")} ` : "";
    warn(io, `${mark}No validation issues found when analyzing ${target}${but}.`);
  }
  if (problems.length > 0 && options.ignoreUnknown !== true) throw new Ended(EXIT.failure);
}

function targetOf(
  sources: readonly { readonly name: string }[],
  namespace: string,
  options: AnalyzeOptions,
): string {
  if (sources.length > 0) return sources.map(({ name }) => name).join("\n");
  return options.allNamespaces === true ? "all namespaces" : `namespace: ${namespace}`;
}

function listAnalyzers(io: ConsoleIo): void {
  const all = [VALIDATION, ...ANALYZERS].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, description, codes } of all) {
    print(io, `* ${name}:`);
    print(io, `    ${description}`);
    print(io, `    ${codes.map((code) => `${code} ${MESSAGE_TYPES[code].name}`).join(", ")}`);
  }
}
