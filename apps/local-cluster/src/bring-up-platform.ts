import { join } from "node:path";
import { bringUp } from "@bookmesh/installer";
import { kubeClient, loadKubeConfig } from "@bookmesh/kube-client";
import { systemClock } from "@bookmesh/node-host";

/** Where the article's services answer: the node ports that its Services happened to get. */
const BOOK_PORT = 31_304;
const RATING_PORT = 31_216;

/** In the article's order. */
const MANIFESTS = [
  "rating-service/service.yml",
  "rating-service/deployment-v1.yml",
  "rating-service/deployment-v2.yml",
  "book-service/deployment.yml",
];

/** A cluster that answers, and what to say about it. */
export interface Platform {
  readonly address: string;
  readonly kubeconfig: string;
  readonly projectDirectory: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Installs the mesh (profile demo), deploys the article's services, tells each step with its time, and what to try. */
export async function bringUpPlatform({
  address,
  kubeconfig,
  projectDirectory,
  signal,
  print,
}: Platform): Promise<void> {
  const article = join(projectDirectory, "deploy/samples/article");
  await bringUp({
    client: kubeClient(loadKubeConfig(kubeconfig)),
    clock: systemClock,
    signal,
    settings: ["profile=demo"],
    manifests: MANIFESTS.map((file) => join(article, file)),
    onStep: ({ name, ms }) => print(stepLine(name, ms)),
  });
  print(`
Bookmesh is ready

  book-service    http://${address}:${BOOK_PORT}/book/1    (API: http://${address}:${BOOK_PORT}/docs)
  rating-service  http://${address}:${RATING_PORT}/rate/1    (API: http://${address}:${RATING_PORT}/docs)
  Kubernetes API  export KUBECONFIG=${kubeconfig}

Three things to try in another terminal:

  curl ${address}:${BOOK_PORT}/book/1                 # again and again: rating 1, N, 1, N
  kubectl get pods                                # or: npx bookmesh get pods
  kubectl apply -f deploy/samples/article/destination-rule-v1-v2.yml -f deploy/samples/article/virtual-service-v1.yml

Ctrl-C ends it; what was applied is kept for the next start.`);
}

/** `✔ mesh installed                 1.8 s` */
export function stepLine(name: string, ms: number): string {
  return `✔ ${name.padEnd(30)} ${(ms / 1_000).toFixed(1)} s`;
}
