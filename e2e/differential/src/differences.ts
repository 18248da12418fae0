import { CLIENT_DIFFERENCES } from "./differences/clients.ts";
import { differ, JSON_WORDS } from "./differences/differ.ts";
import { WEBHOOK_DIFFERENCES } from "./differences/webhooks.ts";
import type { Difference } from "./harness/comparison.ts";

const RAW = 'kubectl get --raw "/api/v1/namespaces/$NAMESPACE/configmaps?';
const PROSE = "The schemas carry structure without prose, so that a small program can hold them.";

/** Where our API does otherwise than a real one, and why. What is not here must be the same. */
export const DIFFERENCES: readonly Difference[] = [
  ...differ("strict decoding", "The field is refused before the merge, in the words for other writes.", [
    "sed 's/containerPort/containerPart/' web.yml | kubectl apply --server-side",
  ]),
  ...differ("strict decoding", JSON_WORDS, [`echo '{"apiVersion":"v1"' |`]),
  ...differ("patch kinds", JSON_WORDS, [`kubectl patch configmap settings --type=merge -p '{"data":'`]),
  ...differ("patch kinds", "An emptied list stays as an empty list.", [
    "kubectl get deployment web -o jsonpath",
  ]),
  ...differ("list and watch", "Items of a list carry their kind, which clients may ignore.", [
    `${RAW}labelSelector=app%3Dsettings`,
    `${RAW}fieldSelector=metadata.name%3Dother`,
    `${RAW}limit=1&labelSelector=app`,
  ]),
  ...differ("list and watch", "The sentence about a selector that cannot be read is shorter.", [
    `${RAW}labelSelector=a%3D%3D%3Db`,
  ]),
  ...differ("list and watch", "A token of continuation is checked, and not quoted.", [
    `${RAW}limit=1&continue=nonsense`,
  ]),
  ...differ("list and watch", "Options that contradict each other are taken for what they say.", [
    `${RAW}resourceVersionMatch=Exact`,
    `${RAW}watch=1&timeoutSeconds=1&resourceVersion=1&resourceVersionMatch=Exact`,
    `${RAW}watch=1&timeoutSeconds=1&sendInitialEvents=true"`,
  ]),
  ...differ("list and watch", "The last state of a deleted object says when it was deleted.", [
    "version=$(kubectl get configmap other",
  ]),
  ...differ("list and watch", "A version that is no number is an event of the watch, not its answer.", [
    `${RAW}watch=1&timeoutSeconds=1&resourceVersion=abc`,
  ]),
  ...differ("label annotate scale wait", "Nothing scales by load on one machine: no autoscaling group.", [
    "kubectl autoscale deployment",
  ]),
  ...differ("label annotate scale wait", "There are no priorities and taints with one node.", [
    "kubectl run once",
  ]),
  ...differ("discovery and explain", "Of the group NetworkPolicy alone is kept.", [
    "kubectl api-resources --api-group=networking.k8s.io",
  ]),
  ...differ("discovery and explain", PROSE, [
    "kubectl explain deployment.spec.strategy",
    "kubectl explain pod.spec.containers.ports",
    "kubectl explain service.spec.sessionAffinity",
    "kubectl explain job.spec.completions",
  ]),
  ...differ("discovery and explain", "OpenAPI is served in version 3 alone.", [
    "kubectl explain service --output=plaintext-openapiv2",
  ]),
  ...differ("rollout", "A change of annotations alone is no new generation of a deployment.", [
    "kubectl get deployment web -o jsonpath='{.metadata.generation}",
  ]),
  ...differ("exec and logs", "A program that is not there ends with 127, as in a shell.", [
    "kubectl exec talker -- no-such-program",
  ]),
  ...differ("port-forward", "The sentence about a refused connection is Node's, and names the pod.", [
    'out=$(mktemp); exec "${KUBECTL:-kubectl}" --namespace "$NAMESPACE" port-forward deployment/web :9 ',
  ]),
  ...differ("kinds that are kept", "There are no quotas on a machine of one's own.", [
    "kubectl create quota",
    "kubectl get endpoints,resourcequotas",
  ]),
  ...differ("custom resources", "A wrong type where replicas are counted is told of once.", [
    `echo '{"apiVersion":"differential.bookmesh.dev/v1","kind":"Boat","metadata":{"name":"boat"},"spec":{"colour":"red","oars":"two"}}'`,
  ]),
  ...differ("custom resources", "A patch is quoted with its fields in another order.", [
    `echo '{"apiVersion":"differential.bookmesh.dev/v1","kind":"Boat","metadata":{"name":"boat"},"spec":{"colour":"red","sail":true}}' | kubectl apply -f`,
    "sed 's/minimum: 0, maximum: 8/minimum: x/'",
  ]),
  ...differ("custom resources", "The sentence about an unknown path does not repeat the request.", [
    "kubectl delete crd",
  ]),
  ...differ("validation rules", "A syntax error in a rule is told in the words of another parser.", [
    String.raw`sed "s/rule: .*# oars/rule: \"self.oars ==\"`,
  ]),
  ...CLIENT_DIFFERENCES,
  ...WEBHOOK_DIFFERENCES,
];
