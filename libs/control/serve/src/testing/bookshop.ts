import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";

/** The address of the pod `book-1`. */
export const BOOK_IP = "127.16.0.10";
/** The token that the fake API takes for that of the pod `book-1`. */
export const BOOK_TOKEN = "token-of-book-1";

/** The article's two services, the mesh's own namespace, and a TokenReview that knows one token. */
export function bookshop(): FakeKubeApi {
  const api = new FakeKubeApi();
  for (const name of ["default", "istio-system"]) api.put(RESOURCES.namespaces, namespace(name));
  for (const [name, ip] of [
    ["book-1", BOOK_IP],
    ["rating-1", "127.16.0.11"],
  ] as const)
    api.put(RESOURCES.pods, pod(name, ip));
  for (const name of ["book", "rating"]) {
    api.put(RESOURCES.services, service(name));
    api.put(RESOURCES.endpointSlices, endpoints(name, name === "book" ? BOOK_IP : "127.16.0.11"));
  }
  api.put(RESOURCES.configMaps, {
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: { name: "istio", namespace: "istio-system" },
    data: { mesh: "defaultConfig:\n  interceptionMode: NONE\n" },
  });
  api.onCreate(RESOURCES.tokenReviews, review);
  return api;
}

function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } };
}

function pod(name: string, podIP: string): KubeObject {
  const app = name.split("-")[0] ?? name;
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: { name, namespace: "default", labels: { app } },
    spec: { serviceAccountName: "default", containers: [{ name: app, ports: [{ containerPort: 8_080 }] }] },
    status: { phase: "Running", podIP },
  };
}

/** A Service on port 8080 whose pods bear the label `app`. */
export function service(name: string): KubeObject {
  return {
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name, namespace: "default" },
    spec: {
      type: "ClusterIP",
      clusterIP: name === "book" ? "10.96.0.10" : "10.96.0.11",
      selector: { app: name },
      ports: [{ name: "http", port: 8_080, targetPort: 8_080, protocol: "TCP" }],
    },
  };
}

/** The slice that names the one pod of a Service. */
export function endpoints(name: string, address: string): KubeObject {
  return {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    metadata: { name, namespace: "default", labels: { "kubernetes.io/service-name": name } },
    endpoints: [
      {
        addresses: [address],
        conditions: { ready: true },
        targetRef: { kind: "Pod", namespace: "default", name: `${name}-1` },
      },
    ],
    ports: [{ name: "http", port: 8_080, protocol: "TCP" }],
  };
}

function review(question: KubeObject): KubeObject {
  const spec = question["spec"] as { readonly token: string };
  const user = {
    username: "system:serviceaccount:default:default",
    extra: { "authentication.kubernetes.io/pod-name": ["book-1"] },
  };
  const status =
    spec.token === BOOK_TOKEN
      ? { authenticated: true, audiences: ["istio-ca"], user }
      : { authenticated: false, error: "token is unknown" };
  return { ...question, status };
}
