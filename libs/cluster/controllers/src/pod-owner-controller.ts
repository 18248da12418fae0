import { RESOURCES, type KubeObject, type Pod, type PodTemplate, type ResourceRef } from "@bookmesh/kube-api";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { claim, concerned, type SelectingObject } from "./adoption.ts";
import { controllerReference } from "./owner.ts";

/** Brings the pods of one object up to date; says when to look again, where time alone changes something. */
type Sync<T> = (context: ControllerContext, owner: T) => Promise<number | undefined>;

/** A controller that looks at an object of `resource` whenever it or one of its pods changes. */
export function podOwnerController<T extends SelectingObject>(
  context: ControllerContext,
  resource: ResourceRef,
  sync: Sync<T>,
): Controller {
  const owners = objectCache<T>(context.access, resource);
  const pods = objectCache<Pod>(context.access, RESOURCES.pods);
  const queue = controllerQueue(resource.kind.toLowerCase(), context, async (name) => {
    const owner = owners.get(parseName(name));
    if (owner === undefined || owner.metadata.deletionTimestamp !== undefined) return;
    const againMs = await sync(context, owner);
    if (againMs !== undefined) queue.addAfter(name, againMs);
  });
  owners.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  pods.onChange(({ object }) => {
    for (const name of concerned(object, resource, owners)) queue.add(name);
  });
  return {
    stop() {
      queue.stop();
      owners.stop();
      pods.stop();
    },
  };
}

/** The pods that `owner` controls, those among them that it adopts. The API is asked, not the cache: no pod may be made twice. */
export async function podsOf(
  { access }: ControllerContext,
  owner: SelectingObject,
  { resource, fits = () => true }: { readonly resource: ResourceRef; readonly fits?: (pod: Pod) => boolean },
): Promise<readonly Pod[]> {
  const { namespace } = owner.metadata;
  const { items } = await access.list<Pod>(RESOURCES.pods, namespace === undefined ? {} : { namespace });
  return claim(access, { owner, resource }, { resource: RESOURCES.pods, objects: items.filter(fits) });
}

/** What a new pod has besides its template. */
export interface PodStamp {
  readonly name: string;
  readonly generateName: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The pod of a template, controlled by `owner`. */
export function podFromTemplate(
  { owner, resource }: { readonly owner: KubeObject; readonly resource: ResourceRef },
  { metadata, spec }: PodTemplate,
  stamp: PodStamp,
): Pod {
  const { namespace } = owner.metadata;
  const { name, generateName } = stamp;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      generateName,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata?.labels, ...stamp.labels },
      ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
      ownerReferences: [controllerReference(owner, resource)],
    },
    spec: { ...spec, ...stamp.spec },
  };
}

/** Deletes a pod, if it is still the one that was meant. */
export async function deletePod({ access }: ControllerContext, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  await unlessRefused(
    access.delete(RESOURCES.pods, keyOf(pod), uid === undefined ? {} : { uid }),
    "NotFound",
    "Conflict",
  );
}
