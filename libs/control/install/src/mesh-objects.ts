import type { KubeObject } from "@bookmesh/kube-api";
import { customResourceDefinitions } from "@bookmesh/mesh-api";
import { accessObjects } from "./objects/access.ts";
import { disruptionBudget } from "./objects/disruption-budget.ts";
import { gatewayObjects, type MeshGateway } from "./objects/gateway.ts";
import { injectorConfigMap } from "./objects/injector-config.ts";
import { istiodDeployment, istiodService } from "./objects/istiod.ts";
import { meshConfigMap } from "./objects/mesh-config.ts";
import { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE } from "./objects/names.ts";
import { networkPolicy } from "./objects/network-policy.ts";
import { serviceMonitor } from "./objects/service-monitor.ts";
import { webhookConfigurations } from "./objects/webhooks.ts";
import type { InstallValues } from "./values/install-values.ts";
import { FLAG_NAMES, profileValues } from "./values/settings.ts";

/** A part of the mesh that is installed, and reported, as one. */
export interface MeshComponent {
  /** As it stands in `✔ Istiod installed`. */
  readonly name: string;
  /** In the order in which they can be applied. */
  readonly objects: readonly KubeObject[];
}

/** The parts that a mesh can have, in the order of their installation. A new part is a new row here. */
const COMPONENTS: readonly {
  readonly name: string;
  readonly objects: (values: InstallValues) => readonly KubeObject[];
}[] = [
  {
    name: "Istio core",
    objects: (values) => [
      ...customResourceDefinitions(),
      namespace(),
      ...accessObjects(),
      meshConfigMap(values),
    ],
  },
  {
    name: "Istiod",
    objects: (values) => [
      injectorConfigMap(values),
      istiodService(),
      istiodDeployment(values),
      ...(values.disruptionBudget ? [disruptionBudget(ISTIOD, ISTIOD_POD_LABELS)] : []),
      ...(values.networkPolicies ? [networkPolicy()] : []),
      ...(values.serviceMonitors ? [serviceMonitor()] : []),
      ...webhookConfigurations(),
    ],
  },
  {
    name: "Egress gateways",
    objects: (values) => (values.egressGateway ? gatewayObjects(egressGateway(values), values) : []),
  },
  {
    name: "Ingress gateways",
    objects: (values) => (values.ingressGateway ? gatewayObjects(ingressGateway(values), values) : []),
  },
];

/** The components of the mesh that `values` describe; those without an object are left out. */
export function meshComponents(values: InstallValues): readonly MeshComponent[] {
  return COMPONENTS.map(({ name, objects }) => ({ name, objects: objects(values) })).filter(
    ({ objects }) => objects.length > 0,
  );
}

/** All objects of the mesh that `values` describe: what `bookmesh install` applies. */
export function meshObjects(values: InstallValues): readonly KubeObject[] {
  return meshComponents(values).flatMap(({ objects }) => objects);
}

/** The objects of a mesh whose every yes-or-no setting is `chosen`: all that there can be, or those of every mesh. */
export function meshObjectsWhere(chosen: boolean): readonly KubeObject[] {
  const flags = Object.fromEntries(FLAG_NAMES.map((name) => [name, chosen]));
  return meshObjects({ ...profileValues("default"), ...flags });
}

function egressGateway({ egressReplicas: replicas }: InstallValues): MeshGateway {
  return { name: "istio-egressgateway", istio: "egressgateway", type: "ClusterIP", replicas };
}

function ingressGateway({ ingressReplicas: replicas, ingressType: type }: InstallValues): MeshGateway {
  return { name: "istio-ingressgateway", istio: "ingressgateway", type, replicas };
}

function namespace(): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: MESH_NAMESPACE, labels: MESH_LABELS },
  };
}
