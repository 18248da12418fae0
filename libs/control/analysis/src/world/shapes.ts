import type { ConfigIssue } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { schemaIssues } from "@bookmesh/mesh-api";
import * as z from "zod";
import { isOf, type GroupKind } from "./group-kind.ts";
import { WORKLOADS } from "./pod-template.ts";

const labels = z.record(z.string(), z.string());
const metadata = z.looseObject({
  name: z.string().optional(),
  namespace: z.string().optional(),
  labels: labels.optional(),
  annotations: labels.optional(),
  creationTimestamp: z.string().nullish(),
});
const portOrName = z.union([z.int(), z.string()]);
const container = z.looseObject({
  name: z.string(),
  securityContext: z.looseObject({}).optional(),
  ports: z.array(z.looseObject({ name: z.string().optional(), containerPort: z.int() })).optional(),
});
const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).optional(),
  securityContext: z.looseObject({}).optional(),
  hostNetwork: z.boolean().optional(),
});
const template = z.looseObject({ metadata: metadata.optional(), spec: podSpec });
const servicePort = z.looseObject({
  name: z.string().optional(),
  port: z.int(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
  appProtocol: z.string().optional(),
  targetPort: portOrName.optional(),
});
const service = z.looseObject({
  type: z.string().optional(),
  clusterIP: z.string().optional(),
  selector: labels.optional(),
  ports: z.array(servicePort).optional(),
});
const endpoint = z.looseObject({ addresses: z.array(z.string()) });

/** What analyzers and translation read of Kubernetes' own kinds. Everything else is the API server's to judge. */
const SHAPES: readonly { readonly kinds: readonly GroupKind[]; readonly shape: z.ZodType }[] = [
  { kinds: [RESOURCES.services], shape: z.looseObject({ spec: service }) },
  { kinds: [RESOURCES.pods], shape: z.looseObject({ spec: podSpec }) },
  {
    kinds: WORKLOADS,
    shape: z.looseObject({
      spec: z.looseObject({ replicas: z.int().optional(), template: template.optional() }),
    }),
  },
  {
    kinds: [RESOURCES.endpointSlices],
    shape: z.looseObject({
      endpoints: z.array(endpoint).nullish(),
      ports: z.array(z.looseObject({})).nullish(),
    }),
  },
];
const ANY = z.looseObject({ metadata });

/** The issues of what is read of an object, whatever its kind; an object of an API server has none. */
export function shapeIssues(object: KubeObject): readonly ConfigIssue[] {
  const shapes = SHAPES.filter(({ kinds }) => isOf(object, kinds)).map(({ shape }) => shape);
  return [ANY, ...shapes].flatMap((shape) => {
    const parsed = shape.safeParse(object);
    return parsed.success ? [] : schemaIssues(parsed.error, "");
  });
}
