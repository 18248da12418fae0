import type { Pod } from "@bookmesh/kube-api";
import type { Gateway } from "@bookmesh/mesh-api";
import type { ProxyView } from "@bookmesh/translate";
import type { MeshIndex } from "@bookmesh/translate/parts";
import { gatewayKey, type GatewayFinding } from "./merged-gateway.ts";
import { namespacesOf } from "./named-credentials.ts";
import { selectsLabels, servedGateways } from "./served-gateways.ts";

/** What of a Gateway is not served at present, and why: no pod, a port that another has, a Secret that is not there. */
export function gatewayFindings(gateway: Gateway, index: MeshIndex): readonly GatewayFinding[] {
  const { selector = {} } = gateway.spec;
  if (Object.keys(selector).length === 0) return [];
  const pod = index.snapshot.pods.find(({ metadata }) => selectsLabels(gateway, metadata.labels ?? {}));
  if (pod === undefined) {
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    const problem = `selects no pod: none has the labels ${labels.join(", ")}`;
    return [{ code: "IST0101", path: "spec.selector", problem }];
  }
  return [...conflicts(gateway, index, pod), ...unusableCredentials(gateway, index)];
}

/** Pods of one gateway are alike: one of them tells how the Gateway is served. */
function conflicts(gateway: Gateway, index: MeshIndex, pod: Pod): readonly GatewayFinding[] {
  const key = gatewayKey(gateway);
  // A Gateway that is being written is not in the world yet, or is there as it was.
  const others = index.snapshot.gateways.filter((other) => gatewayKey(other) !== key);
  const snapshot = { ...index.snapshot, gateways: [...others, stored(gateway)] };
  const { leftOut } = servedGateways({ ...index, snapshot }, viewOf(pod));
  return leftOut.filter((entry) => entry.gateway === key).map(({ finding }) => finding);
}

/** One that is not stored yet will be the youngest. */
function stored({ metadata, ...gateway }: Gateway): Gateway {
  const { creationTimestamp = "9999" } = metadata;
  return { ...gateway, metadata: { ...metadata, creationTimestamp } };
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

/** As every proxy does, a gateway keeps the last certificate that it was sent. */
const WITHOUT_SECRET = "gateways refuse the server's connections, unless they have its last certificate";

/** Secrets that nobody has looked for say nothing. */
function unusableCredentials(gateway: Gateway, { snapshot }: MeshIndex): readonly GatewayFinding[] {
  const namespaces = namespacesOf(gateway, snapshot.pods);
  return (gateway.spec.servers ?? []).flatMap(({ tls }, index) =>
    snapshot.credentials
      .filter(({ name, namespace }) => name === tls?.credentialName && namespaces.includes(namespace))
      .flatMap((credential): readonly GatewayFinding[] => {
        if (!("problem" in credential)) return [];
        const { namespace, name, problem } = credential;
        const path = `spec.servers[${index}].tls.credentialName`;
        const sentence = `Secret ${namespace}/${name} ${problem}: ${WITHOUT_SECRET}`;
        return [{ code: "IST0101", path, problem: sentence }];
      }),
  );
}
