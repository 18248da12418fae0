import {
  INJECTOR_WEBHOOK,
  ISTIOD,
  MESH_NAMESPACE,
  meshComponents,
  VALIDATOR_WEBHOOK,
  type InstallValues,
  type MeshComponent,
} from "@bookmesh/install";
import type { Clock } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject, type WebhookConfiguration } from "@bookmesh/kube-api";
import { discovery, unknownKind, type Discovery, type KubeClient } from "@bookmesh/kube-client";
import { keepWhatIstiodSet } from "./keep-what-istiod-set.ts";
import { isFields } from "./three-way-merge.ts";
import { waitForRollout } from "./wait-for-rollout.ts";
import { waitUntil, type Look, type Patience } from "./wait-until.ts";

/** What to install where. */
export interface InstallOptions {
  readonly client: KubeClient;
  readonly values: InstallValues;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when a component begins, and when it is applied and ready. */
  readonly onProgress?: (component: MeshComponent["name"], state: "applying" | "installed") => void;
}

/** What an installation did. */
export interface Installed {
  /** How many objects were created or changed; 0 where the mesh was already as wanted. */
  readonly changed: number;
}

const ISTIOD_READY_MS = 180_000;
const ESTABLISHED_MS = 30_000;

/**
 * Installs the mesh, or makes an installed one as `values` say, and waits until istiod is ready and both of its
 * webhooks answer. Whoever repeats it changes nothing.
 */
export async function installMesh(options: InstallOptions): Promise<Installed> {
  let changed = 0;
  for (const { name, objects } of meshComponents(options.values)) {
    options.onProgress?.(name, "applying");
    changed += await applyAll(options, objects);
    await componentReady(name, options);
    options.onProgress?.(name, "installed");
  }
  return { changed };
}

/** What others need to exist first. */
const FOUNDATIONS: readonly string[] = ["CustomResourceDefinition", "Namespace"];

async function applyAll({ client }: InstallOptions, objects: readonly KubeObject[]): Promise<number> {
  const kinds = discovery(client);
  const isFoundation = ({ kind }: KubeObject) => FOUNDATIONS.includes(kind);
  const stages = [objects.filter(isFoundation), objects.filter((object) => !isFoundation(object))];
  let changed = 0;
  for (const stage of stages) {
    const changes = await Promise.all(stage.map((object) => applyOne(client, kinds, object)));
    changed += changes.filter(Boolean).length;
  }
  return changed;
}

/** Server-side apply. Says whether it changed anything. */
async function applyOne(client: KubeClient, kinds: Discovery, wanted: KubeObject): Promise<boolean> {
  const resource = await kinds.kind(wanted.apiVersion, wanted.kind);
  if (!resource) throw unknownKind(wanted.apiVersion, wanted.kind);
  const { name, namespace } = wanted.metadata;
  const key = namespace === undefined ? { name } : { name, namespace };
  const before = await client.get(resource, key);
  const { object } = await client.patch(
    resource,
    key,
    { type: "apply", body: keepWhatIstiodSet(wanted, before) },
    { fieldManager: "bookmesh", force: true },
  );
  return object.metadata.resourceVersion !== before?.metadata.resourceVersion;
}

async function componentReady(name: MeshComponent["name"], options: InstallOptions): Promise<void> {
  const patience = (timeoutMs: number): Patience => ({ ...options, timeoutMs });
  switch (name) {
    case "Istio core":
      await waitForDefinitions(options, patience(ESTABLISHED_MS));
      return;
    case "Istiod":
      await waitForRollout(
        options.client,
        { namespace: MESH_NAMESPACE, name: ISTIOD },
        patience(ISTIOD_READY_MS),
      );
      await waitUntil("The webhooks of istiod do not answer", patience(ISTIOD_READY_MS), () =>
        webhooksAnswer(options.client),
      );
  }
}

/** A kind can be used only once the server says that its definition is established. */
async function waitForDefinitions(options: InstallOptions, patience: Patience): Promise<void> {
  const wanted = meshComponents(options.values)
    .flatMap(({ objects }) => objects)
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map(({ metadata }) => metadata.name);
  await waitUntil("The kinds of the mesh are not served", patience, async () => {
    const { items } = await options.client.list(RESOURCES.customResourceDefinitions);
    const established = new Set(items.filter(isEstablished).map(({ metadata }) => metadata.name));
    const missing = wanted.filter((name) => !established.has(name));
    return missing.length === 0 ? { done: true } : { waitingFor: `${missing.join(", ")} not established` };
  });
}

function isEstablished({ status }: KubeObject): boolean {
  const conditions = isFields(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  return (conditions as readonly unknown[]).some(
    (condition) =>
      isFields(condition) && condition["type"] === "Established" && condition["status"] === "True",
  );
}

/** istiod writes its authority into both, and makes the validator strict only after it has answered. */
async function webhooksAnswer(client: KubeClient): Promise<Look<true>> {
  const injector = await client.get<WebhookConfiguration>(RESOURCES.mutatingWebhookConfigurations, {
    name: INJECTOR_WEBHOOK,
  });
  const validator = await client.get<WebhookConfiguration>(RESOURCES.validatingWebhookConfigurations, {
    name: VALIDATOR_WEBHOOK,
  });
  const [inject] = injector?.webhooks ?? [];
  const [validate] = validator?.webhooks ?? [];
  if (!inject?.clientConfig.caBundle) return { waitingFor: `${INJECTOR_WEBHOOK} has no caBundle` };
  if (!validate?.clientConfig.caBundle) return { waitingFor: `${VALIDATOR_WEBHOOK} has no caBundle` };
  if (validate.failurePolicy !== "Fail") {
    return { waitingFor: `${VALIDATOR_WEBHOOK} has not been seen to answer` };
  }
  return { done: true };
}
