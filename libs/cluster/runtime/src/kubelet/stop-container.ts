import { request } from "node:http";
import { isAborted } from "./is-aborted.ts";
import { messageOf } from "@bookmesh/kernel";
import type { Container } from "@bookmesh/kube-api";
import { probePort } from "./ask-probe.ts";
import type { ContainerRun } from "./container-run.ts";
import { execInContainer } from "./exec-in-container.ts";
import { reportPodEvent, type PodContext } from "./pod-context.ts";

/**
 * Ends a container as Kubernetes does: its preStop hook, SIGTERM, and SIGKILL when `graceMs` have passed since the
 * beginning. Resolves when the process has ended.
 */
export async function stopContainer(
  context: PodContext,
  container: Container,
  graceMs: number,
): Promise<void> {
  const run = context.runs.get(container.name);
  if (run === undefined) return;
  const { clock } = context.node;
  const over = new AbortController();
  const exited = run.group.exited.then(() => over.abort());
  const deadline = clock.sleep(graceMs, over.signal).then(
    () => run.group.signal("SIGKILL"),
    () => undefined, // it ended in time
  );
  const deadlineSignal = AbortSignal.any([over.signal, AbortSignal.timeout(Math.max(1, Math.ceil(graceMs)))]);
  await preStop(context, { container, run, signal: deadlineSignal });
  run.group.signal("SIGTERM");
  await exited;
  await deadline;
}

async function preStop(
  context: PodContext,
  {
    container,
    run,
    signal,
  }: { readonly container: Container; readonly run: ContainerRun; readonly signal: AbortSignal },
): Promise<void> {
  const hook = container.lifecycle?.preStop;
  if (hook === undefined || isAborted(signal)) return;
  try {
    if (hook.sleep) await context.node.clock.sleep(hook.sleep.seconds * 1000, signal);
    else if (hook.exec) await execInContainer(run, { ...hook.exec, signal }, context.node.ledger);
    else if (hook.httpGet) await get(hook.httpGet, { podIp: context.link.podIp, container, signal });
  } catch (error) {
    if (isAborted(signal)) return;
    const message = `PreStopHook failed: ${messageOf(error)}`;
    reportPodEvent(context, ["Warning", "FailedPreStopHook", message], container.name);
  }
}

type HttpGet = NonNullable<NonNullable<NonNullable<Container["lifecycle"]>["preStop"]>["httpGet"]>;

async function get(
  { host, port, path = "/" }: HttpGet,
  {
    podIp,
    container,
    signal,
  }: { readonly podIp: string; readonly container: Container; readonly signal: AbortSignal },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const options = { host: host ?? podIp, port: probePort(port, container), path, agent: false, signal };
    const sent = request(options, (response) => {
      response.resume();
      resolve();
    });
    sent.on("error", reject);
    sent.end();
  });
}
