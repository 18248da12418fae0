import type { ConfigIssue } from "@bookmesh/kernel";
import type { Pod } from "@bookmesh/kube-api";
import type { Gateway } from "@bookmesh/mesh-api";
import type { ProxyView } from "@bookmesh/translate";
import type { MeshIndex } from "@bookmesh/translate/parts";
import { gatewayKey } from "./merged-gateway.ts";
import { namespacesOf } from "./named-credentials.ts";
import { selectsLabels, servedGateways } from "./served-gateways.ts";

/** What of a Gateway is not served at present, and why: no pod, a port that another has, a Secret that is not there. */
export function gatewayWarnings(gateway: Gateway, index: MeshIndex): readonly ConfigIssue[] {
  const { selector = {} } = gateway.spec;
  if (Object.keys(selector).length === 0) return [];
  const { pods } = index.snapshot;
  const selected = pods.filter(({ metadata }) => selectsLabels(gateway, metadata.labels ?? {}));
  const [pod] = selected;
  if (pod === undefined) {
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    return [{ path: "spec.selector", problem: `selects no pod: none has the labels ${labels.join(", ")}` }];
  }
  return [...conflictWarnings(gateway, index, pod), ...credentialWarnings(gateway, index)];
}

/** Pods of one gateway are alike: one of them tells how the Gateway is served. */
function conflictWarnings(gateway: Gateway, index: MeshIndex, pod: Pod): readonly ConfigIssue[] {
  // A Gateway that is being written is not in the world yet, or is there as it was.
  const key = gatewayKey(gateway);
  const others = index.snapshot.gateways.filter((other) => gatewayKey(other) !== key);
  const snapshot = { ...index.snapshot, gateways: [...others, gateway] };
  const { leftOut } = servedGateways({ ...index, snapshot }, viewOf(pod));
  return leftOut.filter((entry) => entry.gateway === key).map(({ issue }) => issue);
}

function viewOf({ metadata, status }: Pod): ProxyView {
  return {
    role: "router",
    namespace: metadata.namespace ?? "default",
    labels: metadata.labels ?? {},
    podIp: status?.podIP ?? "",
    applicationAddress: "127.0.0.1",
  };
}

function credentialWarnings(gateway: Gateway, { snapshot }: MeshIndex): readonly ConfigIssue[] {
  const namespaces = namespacesOf(gateway, snapshot.pods);
  return (gateway.spec.servers ?? []).flatMap(({ tls }, index) => {
    const name = tls?.credentialName;
    if (name === undefined) return [];
    const path = `spec.servers[${index}].tls.credentialName`;
    return namespaces.flatMap((namespace) => {
      const found = snapshot.credentials.find(
        (credential) => credential.namespace === namespace && credential.name === name,
      );
      const problem = found === undefined ? "is not known" : "problem" in found ? found.problem : undefined;
      return problem === undefined
        ? []
        : [
            {
              path,
              problem: `Secret ${namespace}/${name} ${problem}: connections to the server are refused`,
            },
          ];
    });
  });
}
