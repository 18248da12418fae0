import { meshComponents, meshObjectsWhere, type InstallValues } from "@bookmesh/install";
import { RESOURCES, type Deployment, type KubeObject } from "@bookmesh/kube-api";
import { discovery } from "@bookmesh/kube-client";
import { findObject } from "./apply-object.ts";
import { definitionState, webhookState, type ReadyOptions } from "./component-ready.ts";
import { rolloutProgress } from "./wait-for-rollout.ts";
import type { Look } from "./wait-until.ts";

/** An object of the mesh, and what is wrong with it. */
export interface Verified {
  readonly object: KubeObject;
  /** A sentence without its subject; absent where all is well. */
  readonly problem?: string;
}

/** Looks at every object of the mesh that `values` describe, or that every mesh has where none are given. */
export async function verifyMesh(
  client: ReadyOptions["client"],
  values?: InstallValues,
): Promise<readonly Verified[]> {
  const cluster = { client, kinds: discovery(client) };
  const objects = values
    ? meshComponents(values).flatMap((component) => component.objects)
    : meshObjectsWhere(false);
  return await Promise.all(
    objects.map(async (object) => {
      const found = (await findObject(cluster, object))?.before;
      const state = found ? stateOf(found) : ({ waitingFor: "it does not exist" } as const);
      return { object, ...("waitingFor" in state && { problem: state.waitingFor }) };
    }),
  );
}

function stateOf(object: KubeObject): Look<true> {
  switch (object.kind) {
    case RESOURCES.customResourceDefinitions.kind:
      return definitionState(object);
    case RESOURCES.deployments.kind:
      return rolloutProgress(object as Deployment); // of that kind, as just seen
    case RESOURCES.mutatingWebhookConfigurations.kind:
    case RESOURCES.validatingWebhookConfigurations.kind:
      return webhookState(object);
    default:
      return { done: true };
  }
}
