import type { Comparison } from "../harness/comparison.ts";

const boat = (spec: string, verb = "apply"): string =>
  `echo '{"apiVersion":"differential.bookmesh.dev/v1","kind":"Boat","metadata":{"name":"boat"},"spec":${spec}}' | kubectl ${verb} -f -`;

/** Kinds that users define. */
export const DEFINITION_COMPARISONS: readonly Comparison[] = [
  {
    title: "custom resources",
    steps: [
      "kubectl apply -f crd.yml && kubectl wait --for=condition=established crd/boats.differential.bookmesh.dev --timeout=20s && until kubectl get boats; do sleep 0.5; done 2>/dev/null",
      "kubectl get crd boats.differential.bookmesh.dev -o jsonpath='{.status.acceptedNames} {.spec.conversion} {.status.storedVersions}'",
      boat('{"colour":"red"}', "create"),
      "kubectl get boat boat -o yaml",
      "kubectl get bo",
      "kubectl get bo -o wide",
      boat('{"oars":2}'),
      boat('{"colour":"green"}'),
      boat('{"colour":"red","oars":10}'),
      boat('{"colour":"red","oars":"two"}'),
      boat('{"colour":"red","sail":true}'),
      boat('{"colour":"red","sail":true}', "apply --validate=false"),
      "kubectl get boat boat -o jsonpath='{.spec}'",
      boat('{"colour":"red","oars":3}'),
      boat('{"colour":"blue","oars":4}'),
      `kubectl patch boat boat --type=merge -p '{"status":{"oars":9}}' && kubectl get boat boat -o jsonpath='{.status}'`,
      `kubectl patch boat boat --subresource=status --type=merge -p '{"status":{"oars":2}}' && kubectl get boat boat -o jsonpath='{.status}'`,
      "kubectl scale boat boat --replicas=4",
      "kubectl scale boat boat --replicas=9",
      "kubectl get boat boat --subresource=scale -o yaml",
      'kubectl patch boat boat -p \'{"spec":{"oars":2}}\'',
      boat('{"colour":"red","oars":6}', "apply --server-side --force-conflicts"),
      "kubectl explain boat.spec.oars",
      "kubectl api-resources --api-group=differential.bookmesh.dev",
      "sed 's/type: integer, default/type: number, default/;s/self.oars % 2/self.oarz % 2/' crd.yml | kubectl apply -f -",
      "sed 's/minimum: 0, maximum: 8/minimum: x/' crd.yml | kubectl apply --validate=false -f -",
      "kubectl delete boat boat",
      "kubectl delete crd boats.differential.bookmesh.dev && kubectl get boats",
    ],
  },
];
