import type { KubeObject } from "@bookmesh/kube-api";
import { objectField } from "./json.ts";
import type { Strategy } from "./strategy.ts";

/** A job selects the pods that carry its uid, unless its author says that he chose a selector himself. */
export function jobStrategy(): Strategy {
  return {
    prepareCreate(job) {
      const spec = objectField(job, "spec") ?? {};
      if (spec["manualSelector"] === true) return job;
      const template = objectField(spec, "template") ?? {};
      const metadata = objectField(template, "metadata") ?? {};
      const labels = { ...objectField(metadata, "labels"), ...ownLabels(job) };
      const selector = { matchLabels: { "batch.kubernetes.io/controller-uid": job.metadata.uid ?? "" } };
      return {
        ...job,
        spec: { ...spec, selector, template: { ...template, metadata: { ...metadata, labels } } },
      };
    },
  };
}

function ownLabels(job: KubeObject): Readonly<Record<string, string>> {
  const { name, uid = "" } = job.metadata;
  return {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
}
