import { ANALYZERS, meshAnalysis, MESSAGE_TYPES, VALIDATION, type Level } from "@bookmesh/analysis";
import type { KubeObject } from "@bookmesh/kube-api";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT, UsageError } from "../failures.ts";
import { loadObjects, type LoadedObjects, type LoadOptions } from "../objects/load-objects.ts";
import type { PlacedObject } from "../objects/merge-objects.ts";
import { worldOfValid } from "../objects/world-of-loaded.ts";
import { colors } from "../output/colors.ts";
import {
  atLeast,
  isSuppressedAt,
  messageOf,
  printMessages,
  sortMessages,
  suppression,
  type Message,
} from "../output/messages.ts";

/** The options of `bookmesh analyze`. */
export interface AnalyzeOptions extends LoadOptions {
  readonly allNamespaces?: boolean;
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
  const loaded = await loadObjects(io, paths, options);
  const messages = messagesOf(loaded, options);
  printMessages(io, atLeast(messages, options.outputThreshold), options);
  conclude(io, { messages, problems: loaded.problems, target: targetOf(loaded, options) }, options);
}

/** Objects of files are always told of; those of a cluster where they are in the namespace that is asked for. */
function messagesOf(
  { objects, namespace, meshConfig }: LoadedObjects,
  options: AnalyzeOptions,
): readonly Message[] {
  const analysis = meshAnalysis(ANALYZERS);
  const world = worldOfValid(
    objects.map(({ object }) => object),
    analysis,
    meshConfig,
  );
  const suppressions = options.suppress.map(readSuppression);
  const isAsked = ({ object, placeOf }: PlacedObject) =>
    placeOf !== undefined || options.allNamespaces === true || isIn(object, namespace);
  const messages = objects.filter(isAsked).flatMap(({ object, placeOf }) =>
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

function targetOf({ sources, namespace }: LoadedObjects, options: AnalyzeOptions): string {
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
