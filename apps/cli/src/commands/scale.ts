import { qualifiedName } from "@bookmesh/kube-client";
import { readTargets } from "../arguments/targets.ts";
import { print, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";

/** `bookmesh scale deployment NAME --replicas N`. */
export async function scale(
  io: ConsoleIo,
  words: readonly string[],
  options: ClusterOptions & { readonly replicas: number },
): Promise<void> {
  const session = openSession(io, options);
  const targets = await readTargets(words, session.discovery);
  if (targets.every(({ names }) => names.length === 0)) {
    throw new UsageError(
      "Name what to scale, as in: bookmesh scale deployment rating-service-v1 --replicas 3",
    );
  }
  for (const { resource, names } of targets) {
    for (const name of names) {
      const key = resource.namespaced ? { namespace: session.namespace, name } : { name };
      const body = { spec: { replicas: options.replicas } };
      await session.client.patch(resource, key, { type: "merge", body }, { subresource: "scale" });
      print(io, `${qualifiedName(resource)}/${name} scaled`);
    }
  }
}
