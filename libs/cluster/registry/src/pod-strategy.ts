import type { KubeObject } from "@bookmesh/kube-api";
import type { JsonObject } from "@bookmesh/kube-model";
import { numberField, objectField, objectsField, textField } from "./json.ts";
import type { Strategy } from "./strategy.ts";

const DEFAULT_GRACE_SECONDS = 30;

/** Pods are born Pending, and get time to end. */
export function podStrategy(): Strategy {
  return {
    initialStatus: (pod) => ({ phase: "Pending", qosClass: qosClassOf(pod) }),
    gracePeriodSeconds(pod, asked) {
      const spec = objectField(pod, "spec") ?? {};
      const phase = textField(objectField(pod, "status") ?? {}, "phase");
      const isUnscheduled = (textField(spec, "nodeName") ?? "") === "";
      if (isUnscheduled || phase === "Succeeded" || phase === "Failed") return 0;
      return asked ?? numberField(spec, "terminationGracePeriodSeconds") ?? DEFAULT_GRACE_SECONDS;
    },
  };
}

/** Source: Kubernetes, "Pod Quality of Service Classes". */
function qosClassOf(pod: KubeObject): "Guaranteed" | "Burstable" | "BestEffort" {
  const spec = objectField(pod, "spec") ?? {};
  const containers = [...objectsField(spec, "containers"), ...objectsField(spec, "initContainers")];
  const resources = containers.map((container) => objectField(container, "resources") ?? {});
  const amounts = resources.map((each) => ({
    limits: amountsOf(each, "limits"),
    requests: amountsOf(each, "requests"),
  }));
  if (amounts.every(({ limits, requests }) => limits.size + requests.size === 0)) return "BestEffort";
  const guaranteed = amounts.every(({ limits, requests }) =>
    ["cpu", "memory"].every(
      (name) => limits.has(name) && (requests.get(name) ?? limits.get(name)) === limits.get(name),
    ),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

function amountsOf(resources: JsonObject, name: string): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(objectField(resources, name) ?? {}).filter(([key]) => key === "cpu" || key === "memory"),
  );
}
