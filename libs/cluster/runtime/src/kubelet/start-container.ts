import { randomUUID } from "node:crypto";
import type { Argv, Enclosure } from "@bookmesh/pod-network";
import { containerLog, removeLog, startGroup } from "@bookmesh/processes";
import { messageOf } from "@bookmesh/kernel";
import type { Container } from "@bookmesh/kube-api";
import { containerCommand, expandCommand } from "./container-command.ts";
import type { ContainerRun } from "./container-run.ts";
import { containerEnvironment } from "./environment.ts";
import { reportPodEvent, valueSources, type PodContext } from "./pod-context.ts";
import { runtimeEnvironment } from "./runtime-environment.ts";

/** Why a container could not be started; `reason` is the word that its status shows. */
export class StartProblem extends Error {
  readonly reason: "ErrImagePull" | "CreateContainerConfigError" | "RunContainerError";

  constructor(reason: StartProblem["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartProblem";
    this.reason = reason;
  }
}

/** How many runs' logs are kept: the present one and the one before, as for `logs --previous`. */
const KEPT_LOGS = 2;

/** Starts the process of `container`. Throws a `StartProblem`. */
export async function startContainer(context: PodContext, container: Container): Promise<ContainerRun> {
  const { node, directory, record, update, runs } = context;
  const prepared = prepare(context, container);
  const { containerId: previous, restartCount } = record(container.name);
  const number = previous === undefined ? 0 : restartCount + 1;
  removeLog(directory.log(container.name, number - KEPT_LOGS));
  const log = containerLog(directory.log(container.name, number));
  const { environment, enclosure, argv } = prepared;
  const { workingDirectory } = enclosure;
  const group = await startGroup(
    { argv: enclosure.start(argv), environment, workingDirectory, stdio: ["ignore", "pipe", "pipe"] },
    node.ledger,
  ).catch((cause: unknown) => {
    log.write("stderr", Buffer.from(`${messageOf(cause)}\n`));
    log.end();
    throw new StartProblem("RunContainerError", messageOf(cause), { cause });
  });
  for (const stream of ["stdout", "stderr"] as const) {
    group.child[stream]?.on("data", (chunk: Buffer) => log.write(stream, chunk));
    group.child[stream]?.on("error", () => undefined); // the process is gone; its exit is what counts
  }
  group.child.once("close", () => log.end());
  const run = { group, log, environment, enclosure };
  runs.set(container.name, run);
  update(container.name, {
    type: "running",
    atMs: node.clock.now(),
    containerId: `bookmesh://${randomUUID().replaceAll("-", "")}`,
  });
  reportPodEvent(context, ["Normal", "Started", `Started container ${container.name}`], container.name);
  return run;
}

interface Prepared {
  readonly argv: Argv;
  readonly environment: Readonly<Record<string, string>>;
  readonly enclosure: Enclosure;
}

function prepare(context: PodContext, container: Container): Prepared {
  const { node, link, directory, pod } = context;
  const command = containerCommand(container, {
    imageMap: node.imageMap(),
    place: link.place,
    templateValues: node.templateValues,
  });
  if (!command.ok) throw new StartProblem("ErrImagePull", command.error);
  const base = {
    ...command.value.imageEnvironment,
    ...runtimeEnvironment(pod(), node.facts),
    ...link.environment(container, directory),
  };
  const asWritten = containerEnvironment(container, base, valueSources(context));
  if (!asWritten.ok) throw new StartProblem("CreateContainerConfigError", asWritten.error);
  const [program, ...words] = expandCommand(command.value, asWritten.value);
  const argv: Argv = [program, ...words.map(link.onMachine)];
  const environment = Object.fromEntries(
    Object.entries(asWritten.value).map(([name, value]) => [name, link.onMachine(value)]),
  );
  try {
    return { argv, environment, enclosure: link.enclose(container, directory) };
  } catch (cause) {
    throw new StartProblem("RunContainerError", messageOf(cause), { cause });
  }
}
