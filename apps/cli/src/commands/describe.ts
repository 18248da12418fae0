import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { collectionPath, withQuery } from "@bookmesh/kube-client";
import { notFound } from "../arguments/not-found.ts";
import { readTargets } from "../arguments/targets.ts";
import { print, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import { formatTable, KUBECTL_STYLE } from "../output/format-table.ts";
import { podLines } from "../output/pod-lines.ts";
import { PLAIN_VIEW, tableRows } from "../output/server-table.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";
import { askTable } from "./ask-table.ts";

/** `bookmesh describe pod NAME`: its containers, what they run and how they are, and what happened to it. */
export async function describe(
  io: ConsoleIo,
  words: readonly string[],
  options: ClusterOptions,
): Promise<void> {
  const session = openSession(io, options);
  const targets = await readTargets(words, session.discovery);
  const names = targets.flatMap((target) => target.names);
  if (names.length === 0 || targets.some(({ resource }) => resource.kind !== RESOURCES.pods.kind)) {
    throw new UsageError("Name a pod; of other objects, bookmesh get TYPE NAME -o yaml tells all.");
  }
  for (const name of names) await describePod(session, name);
}

async function describePod(session: Session, name: string): Promise<void> {
  const { client, io, namespace } = session;
  const pod = await client.get<Pod>(RESOURCES.pods, { namespace, name });
  if (!pod) throw notFound(RESOURCES.pods, name);
  for (const line of podLines(pod)) print(io, line);
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
  const events = await askTable(
    session,
    withQuery(collectionPath(RESOURCES.events, namespace), { fieldSelector }),
  );
  if ((events.rows?.length ?? 0) === 0) print(io, "Events: <none>");
  else io.stdout.write(`Events:\n${formatTable(tableRows(events, PLAIN_VIEW), KUBECTL_STYLE)}`);
}
