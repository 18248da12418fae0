import type { KubeObject } from "@bookmesh/kube-api";
import { objectOf, type JsonObject } from "../json.ts";
import { fill, fillIn } from "./fill.ts";
import { templateDefaults } from "./pod-defaults.ts";

/** Deployments: one replica, rolled a quarter at a time. */
export function deploymentDefaults(deployment: KubeObject): KubeObject {
  const spec = fillIn(objectOf(deployment["spec"]), "strategy", strategyDefaults);
  const filled = fill(spec, {
    replicas: 1,
    strategy: strategyDefaults({}),
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    template: {},
  });
  return { ...deployment, spec: fillIn(filled, "template", templateDefaults) };
}

/** ReplicaSets. */
export function replicaSetDefaults(replicaSet: KubeObject): KubeObject {
  const spec = fill(objectOf(replicaSet["spec"]), { replicas: 1, template: {} });
  return { ...replicaSet, spec: fillIn(spec, "template", templateDefaults) };
}

function strategyDefaults(strategy: JsonObject): JsonObject {
  const typed = fill(strategy, { type: "RollingUpdate" });
  if (typed["type"] !== "RollingUpdate") return typed;
  const steps = fill(objectOf(typed["rollingUpdate"]), { maxUnavailable: "25%", maxSurge: "25%" });
  return { ...typed, rollingUpdate: steps };
}
