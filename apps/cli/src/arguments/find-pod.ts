import { RESOURCES, type Deployment, type Pod } from "@bookmesh/kube-api";
import type { Session } from "../session.ts";
import { notFound } from "./not-found.ts";
import { readTargets } from "./targets.ts";

/** The pod called `word`; for `deployment/NAME` the first of its running pods. */
export async function findPod(session: Session, word: string): Promise<Pod> {
  const { client, namespace } = session;
  if (!word.includes("/")) return await namedPod(session, word);
  const [target] = await readTargets([word], session.discovery);
  const name = target?.names[0] ?? "";
  if (target?.resource.plural === "pods") return await namedPod(session, name);
  const owner = target && (await client.get<Deployment>(target.resource, { namespace, name }));
  if (target && !owner) throw notFound(target.resource, name);
  const labels = Object.entries(owner?.spec.selector.matchLabels ?? {});
  const labelSelector = labels.map(([label, value]) => `${label}=${value}`).join(",");
  const { items } = await client.list<Pod>(RESOURCES.pods, { namespace, labelSelector });
  const pod = items.find(({ status }) => status?.phase === "Running") ?? items[0];
  if (!pod || labels.length === 0) throw new Error(`${word} has no pod.`);
  return pod;
}

/** The container that is meant where none is named: the annotated one, else the first. */
export function defaultContainer(pod: Pod): string {
  return annotatedContainer(pod) ?? pod.spec.containers[0]?.name ?? "";
}

/** The line that says so; nothing where the pod itself says it, or has but one container. */
export function defaultedNotice(pod: Pod): string | undefined {
  const names = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(({ name }) => name);
  if (names.length < 2 || annotatedContainer(pod) !== undefined) return undefined;
  return `Defaulted container "${defaultContainer(pod)}" out of: ${names.join(", ")}`;
}

function annotatedContainer({ metadata, spec }: Pod): string | undefined {
  const annotated = metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  return spec.containers.find(({ name }) => name === annotated)?.name;
}

async function namedPod({ client, namespace }: Session, name: string): Promise<Pod> {
  const pod = await client.get<Pod>(RESOURCES.pods, { namespace, name });
  if (!pod) throw notFound(RESOURCES.pods, name);
  return pod;
}
