import { worldOf } from "@bookmesh/analysis";
import { seededRandom } from "@bookmesh/kernel";
import type { KubeObject } from "@bookmesh/kube-api";
import { callerOf, sendCalls, simulatedMesh, withAddresses } from "@bookmesh/simulation";
import type { Proof } from "./proof.ts";

const COUNT = 1_000;
const SHORT_COUNT = 200;
const CALLS = 100;
/** Of a machine of this project's size. */
const LIMIT_SECONDS = 30;

/** Simulates a mesh in which every pod of a thousand services calls the next one, with its own proxy. */
export const simulationProof: Proof = ({ short }) => {
  const count = short ? SHORT_COUNT : COUNT;
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const random = seededRandom(1);
  const mesh = simulatedMesh(withAddresses(worldOf(meshOf(count))), random);
  let answered = 0;
  for (let index = 0; index < count; index += 1) {
    const view = callerOf(mesh.world, { name: `pod-${index}`, namespace: "default" });
    if (view === undefined) throw new Error(`There is no pod-${index}.`);
    const call = { url: `http://service-${(index + 1) % count}:8080/` };
    const behaviour = () => ({ kind: "answer", status: 200, afterMs: 1 }) as const;
    const tally = sendCalls(mesh.proxy(view), call, { times: CALLS, everyMs: 10, behaviour, random });
    answered += tally.statuses["200"] ?? 0;
  }
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuSeconds = (user + system) / 1e6;
  return Promise.resolve({
    claim: `${count} proxies in a mesh of ${count} services are simulated in ${LIMIT_SECONDS} s`,
    holds: answered === count * CALLS && seconds <= LIMIT_SECONDS,
    figures: [
      ["proxies", count],
      ["services", count],
      ["calls", count * CALLS],
      ["calls answered", answered],
      ["seconds", seconds.toFixed(1)],
      ["CPU seconds", cpuSeconds.toFixed(1)],
      ["resident MB at the end", Math.round(process.memoryUsage().rss / 1e6)],
    ],
  });
};

/** A service with a pod for each number, and a rule with two subsets for each tenth. */
function meshOf(count: number): readonly KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `service-${index}`;
    const objects = [serviceOf(name), podOf(name, index)];
    return index % 10 === 0 ? [...objects, ruleOf(name)] : objects;
  }).flat();
}

function serviceOf(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ name: "http", port: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec };
}

function podOf(app: string, index: number): KubeObject {
  const metadata = { name: `pod-${index}`, namespace: "default", labels: { app, version: "v1" } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } };
}

function ruleOf(host: string): KubeObject {
  const subsets = ["v1", "v2"].map((version) => ({ name: version, labels: { version } }));
  const metadata = { name: host, namespace: "default" };
  return { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", metadata, spec: { host, subsets } };
}
