import type { KubeObject } from "@bookmesh/kube-api";
import type { ProxyView } from "@bookmesh/translate";
import { stringify } from "yaml";
import type { AdsCaller } from "./ask-ads.ts";
import { bookmeshTranslation } from "./bookmesh.ts";
import type { Case } from "./cases.ts";
import { differences, type Difference } from "./differences.ts";
import { EDGE, ROUTER } from "./edge.ts";
import { unexplained } from "./intended.ts";
import { withIstiod } from "./istiod.ts";
import { CALLER, placedCase, snapshotOf, type PlacedCase } from "./placed-case.ts";
import { objectsOf } from "./shop.ts";
import type { Resources } from "./resources.ts";
import { told } from "./told.ts";

/** The proxies that are told of it. */
const PROXIES: readonly ProxyView[] = [CALLER, ROUTER];

/** Translates all cases as one mesh, here and by istiod, and describes what nobody means to differ. */
export async function unexplainedDifferences(cases: readonly Case[]): Promise<readonly string[]> {
  const placed = cases.map(placedCase);
  const mesh = snapshotOf(placed);
  const objects = placed.flatMap(({ shop, rules }) => [...objectsOf(shop), ...rules.map(inFull)]);
  const found = await withIstiod([...objectsOf(EDGE), ...objects], (ask) =>
    Promise.all(
      PROXIES.map(async (view) => {
        const ours = bookmeshTranslation(mesh, view);
        return differences(told(ours), told(await ask(callerOf(view, ours.routes))));
      }),
    ),
  );
  return unexplained(found.flat()).map((difference) => describe(difference, placed));
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

function callerOf(view: ProxyView, routes: Resources["routes"]): AdsCaller {
  const { namespace, labels, podIp } = view;
  const role = view.role ?? "sidecar";
  const id = `${role}~${podIp}~${role}.${namespace}~${namespace}.svc.cluster.local`;
  const metadata = {
    NAME: role,
    NAMESPACE: namespace,
    LABELS: labels,
    SERVICE_ACCOUNT: "default",
    CLUSTER_ID: "Kubernetes",
    ISTIO_VERSION: "1.30.0",
    INSTANCE_IPS: podIp,
    INTERCEPTION_MODE: "REDIRECT",
    PROXY_CONFIG: {},
  };
  return { node: { id, metadata }, routes: routes.map(({ name }) => name) };
}

function describe({ at, ours, istiods }: Difference, placed: readonly PlacedCase[]): string {
  const place = at.join(" > ");
  const own = placed.find(({ namespace }) => new RegExp(`\\b${namespace}\\b`).test(place));
  const rules = own?.rules.map((rule) => stringify(rule)).join("---\n") ?? "";
  return `${own?.name ?? "every case"}: ${place}\n  ours:     ${JSON.stringify(ours)}\n  istiod's: ${JSON.stringify(istiods)}\n${rules}`;
}
