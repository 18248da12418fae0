import type { Comparison } from "../harness/comparison.ts";

const boat = (spec: string, verb = "apply"): string =>
  `echo '{"apiVersion":"differential.bookmesh.dev/v1","kind":"Boat","metadata":{"name":"boat"},"spec":${spec}}' | kubectl ${verb} -f -`;

const ship = (spec: string, name = "sloop"): string =>
  `echo '{"apiVersion":"harbour.bookmesh.dev/v1","kind":"Ship","metadata":{"name":"${name}"},"spec":${spec}}' | kubectl apply -f -`;
const shipRule = (rule: string): string =>
  `sed "s/rule: .*# oars/rule: \\"${rule}\\"/" rules.yml | kubectl apply --dry-run=server -f -`;

const ware = (spec: string, version = "v1"): string =>
  `echo '{"apiVersion":"market.bookmesh.dev/${version}","kind":"Ware","metadata":{"name":"ware"},"spec":${spec}}' | kubectl apply -o jsonpath='{.spec}' -f -`;

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
  {
    title: "validation rules",
    steps: [
      "kubectl apply -f rules.yml && kubectl wait --for=condition=established crd/ships.harbour.bookmesh.dev --timeout=20s && until kubectl get ships; do sleep 0.5; done 2>/dev/null",
      ship('{"colour":"red","oars":3}'),
      ship('{"colour":"red","oars":2}', "x"),
      ship('{"colour":"pink","oars":3,"min":5}'),
      ship('{"colour":"red"}'),
      ship('{"colour":"red","oars":2,"crew":["Ann","bob"]}'),
      ship('{"colour":"red","oars":2,"holds":{"a.b":{"tons":1}}}'),
      ship('{"colour":"red","oars":2,"crew":[]}'),
      ship('{"colour":"red","oars":2,"once":"x"}'),
      ship('{"colour":"red","oars":2,"keel":{"wood":"oak","parts":["a"]}}'),
      ship('{"colour":"blue","oars":2}'),
      ship('{"colour":"red","oars":2,"keel":{"wood":"elm","parts":["a"]}}'),
      ship('{"colour":"red","oars":2,"keel":{"wood":"oak","parts":["a"]}}'),
      ship('{"colour":"red","oars":"two"}'),
      `kubectl patch ship sloop --type=merge -p '{"spec":{"oars":5}}'`,
      `kubectl patch ship sloop --type=merge -p '{"spec":{"oars":4}}' && kubectl get ship sloop -o jsonpath='{.spec.oars}'`,
      shipRule("self.oarz == 2"),
      shipRule("self.oars"),
      shipRule("self.oars == 'a'"),
      shipRule("1 in self.crew"),
      shipRule("self.colour.x == 1"),
      shipRule("sail(self.oars)"),
      shipRule("self.oars =="),
      shipRule("self.crew.all(one, self.crew.all(other, one == other))"),
      "sed 's/fieldPath: .max/fieldPath: .mast/;s/FieldValueForbidden/Foo/' rules.yml | kubectl apply --dry-run=server -f -",
      "kubectl delete crd ships.harbour.bookmesh.dev",
    ],
  },
  {
    title: "defaults and forms of custom resources",
    steps: [
      "kubectl apply -f wares.yml && kubectl wait --for=condition=established crd/wares.market.bookmesh.dev --timeout=20s && until kubectl get wares; do sleep 0.5; done 2>/dev/null",
      ware("{}"),
      ware('{"parts":[{"name":"a"},{"name":"b","count":2}],"note":null,"weight":"2kg","more":{"any":[1]}}'),
      ware('{"weight":2,"picked":"2020-01-01T00:00:00Z"}'),
      ware('{"weight":true}'),
      ware('{"kind":"Fruit"}'),
      ware('{"kind":"vegetables"}'),
      ware('{"price":0.3}'),
      ware('{"tags":["a","a"]}'),
      ware('{"tags":["a","b","c","d"]}'),
      ware('{"parts":[{"name":"a"},{"name":"a"}]}'),
      ware('{"parts":[{"count":1}]}'),
      ware('{"picked":"yesterday"}'),
      ware('{"kind":null}'),
      "kubectl get wares",
      "kubectl get goods -o name",
      "kubectl get wares --field-selector spec.kind=fruit -o name",
      "kubectl get wares --field-selector spec.kind=fish -o name",
      "kubectl get wares --field-selector spec.price=1",
      "kubectl get wares.v1alpha1.market.bookmesh.dev ware -o jsonpath='{.apiVersion}'",
      "kubectl explain ware.spec --recursive",
      "kubectl delete crd wares.market.bookmesh.dev",
    ],
  },
];
