import type { KubeObject } from "@bookmesh/kube-api";
import { stringify } from "yaml";
import type { AdsCaller } from "./ask-ads.ts";
import { bookmeshTranslation } from "./bookmesh.ts";
import type { Case } from "./cases.ts";
import { differences, type Difference } from "./differences.ts";
import { unexplained } from "./intended.ts";
import { istiodTranslation } from "./istiod.ts";
import { CALLER, placedCase, snapshotOf, type PlacedCase } from "./placed-case.ts";
import { objectsOf } from "./shop.ts";
import { told } from "./told.ts";

/** Translates all cases as one mesh, here and by istiod, and describes what nobody means to differ. */
export async function unexplainedDifferences(cases: readonly Case[]): Promise<readonly string[]> {
  const placed = cases.map(placedCase);
  const ours = bookmeshTranslation(snapshotOf(placed), CALLER);
  const objects = placed.flatMap(({ shop, rules }) => [...objectsOf(shop), ...rules.map(inFull)]);
  const istiods = await istiodTranslation(objects, callerOf(ours.routes.map(({ name }) => name)));
  return unexplained(differences(told(ours), told(istiods))).map((difference) =>
    describe(difference, placed),
  );
}

/** With full names of services: the oracle reads files as if no cluster had a domain. */
function inFull(rule: KubeObject): KubeObject {
  const full = (host: unknown) =>
    typeof host === "string" && !host.includes(".")
      ? `${host}.${rule.metadata.namespace}.svc.cluster.local`
      : host;
  return JSON.parse(JSON.stringify(rule), (key, value: unknown) => {
    if (key === "hosts" && Array.isArray(value)) return value.map(full);
    return key === "host" ? full(value) : value;
  }) as KubeObject;
}

function callerOf(routes: readonly string[]): AdsCaller {
  const { namespace, labels, podIp } = CALLER;
  const id = `sidecar~${podIp}~book.${namespace}~${namespace}.svc.cluster.local`;
  const metadata = {
    NAME: "book",
    NAMESPACE: namespace,
    LABELS: labels,
    SERVICE_ACCOUNT: "default",
    CLUSTER_ID: "Kubernetes",
    ISTIO_VERSION: "1.30.0",
    INSTANCE_IPS: podIp,
    INTERCEPTION_MODE: "REDIRECT",
    PROXY_CONFIG: {},
  };
  return { node: { id, metadata }, routes };
}

function describe({ at, ours, istiods }: Difference, placed: readonly PlacedCase[]): string {
  const place = at.join(" > ");
  const own = placed.find(({ namespace }) => new RegExp(`\\b${namespace}\\b`).test(place));
  const rules = own?.rules.map((rule) => stringify(rule)).join("---\n") ?? "";
  return `${own?.name ?? "every case"}: ${place}\n  ours:     ${JSON.stringify(ours)}\n  istiod's: ${JSON.stringify(istiods)}\n${rules}`;
}
