import type { KubeObject } from "@bookmesh/kube-api";
import { parseAllDocuments } from "yaml";
import { ANALYZERS } from "../analyzers.ts";
import { levelOf } from "../finding.ts";
import { meshAnalysis } from "../mesh-analysis.ts";
import { worldOf } from "../world/world-of.ts";

/** The rating service with two versions, in a namespace that asks for sidecars. */
export const RATING = `
{ apiVersion: v1, kind: Namespace, metadata: { name: default, labels: { istio-injection: enabled } } }
---
apiVersion: v1
kind: Service
metadata: { name: rating }
spec:
  selector: { app: rating }
  ports: [{ name: http, port: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: rating-v1 }
spec:
  replicas: 1
  selector: { matchLabels: { app: rating, version: v1 } }
  template:
    metadata: { labels: { app: rating, version: v1 } }
    spec: { containers: [{ name: app, image: rating }] }
`;

/** The objects of a text; what names no namespace is in `default`. */
export function objectsOf(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml)
    .map((document) => {
      const value: unknown = document.toJS();
      return value;
    })
    .filter((value): value is KubeObject => typeof value === "object" && value !== null)
    .map((object) => ({ ...object, metadata: { namespace: "default", ...object.metadata } }));
}

/** What is found in a text: `Error IST0101 VirtualService/rating spec.hosts[0]: names …`, a line each. */
export function findingsOf(yaml: string): readonly string[] {
  const analysis = meshAnalysis(ANALYZERS);
  const objects = objectsOf(yaml);
  const world = worldOf(objects.filter((object) => analysis.validate(object).isValid));
  return objects.flatMap((object) =>
    analysis.findings(object, world).map((finding) => {
      const { code, path, problem } = finding;
      return `${levelOf(finding)} ${code} ${object.kind}/${object.metadata.name} ${path}: ${problem}`;
    }),
  );
}
