import type { KubeObject } from "@bookmesh/kube-api";
import { at, numberOf } from "../json.ts";
import { AGE, containerCells, formatSelector, NAME, printerOf, type Cell } from "./cells.ts";

const count =
  (...path: readonly string[]) =>
  (object: KubeObject) =>
    numberOf(at(object, ...path));

const SELECTOR: Cell = {
  name: "Selector",
  wide: true,
  value: (object) => formatSelector(at(object, "spec", "selector")),
};

const CONTAINERS = containerCells((object) => at(object, "spec", "template", "spec"));

/** Deployments: `READY 1/1`, `UP-TO-DATE`, `AVAILABLE`. */
export const DEPLOYMENT_PRINTER = printerOf([
  NAME,
  {
    name: "Ready",
    value: (object) =>
      `${numberOf(at(object, "status", "readyReplicas"))}/${numberOf(at(object, "spec", "replicas"))}`,
  },
  { name: "Up-to-date", value: count("status", "updatedReplicas") },
  { name: "Available", value: count("status", "availableReplicas") },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** ReplicaSets: `DESIRED`, `CURRENT`, `READY`. */
export const REPLICA_SET_PRINTER = printerOf([
  NAME,
  { name: "Desired", type: "integer", value: count("spec", "replicas") },
  { name: "Current", type: "integer", value: count("status", "replicas") },
  { name: "Ready", type: "integer", value: count("status", "readyReplicas") },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** PodDisruptionBudgets. */
export const POD_DISRUPTION_BUDGET_PRINTER = printerOf([
  NAME,
  { name: "Min Available", value: (object) => limitOf(at(object, "spec", "minAvailable")) },
  { name: "Max Unavailable", value: (object) => limitOf(at(object, "spec", "maxUnavailable")) },
  { name: "Allowed Disruptions", type: "integer", value: count("status", "disruptionsAllowed") },
  AGE,
]);

function limitOf(limit: unknown): string {
  return typeof limit === "number" || typeof limit === "string" ? `${limit}` : "N/A";
}
