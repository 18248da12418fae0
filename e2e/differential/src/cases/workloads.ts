import type { Comparison } from "../harness/comparison.ts";

/** Defines how the nth pod of `web` is evicted. */
const EVICT = `evict() { pod=$(kubectl get pods -l app=web -o jsonpath="{.items[$1].metadata.name}"); echo '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"'$pod'"}}' | kubectl create --raw /api/v1/namespaces/$NAMESPACE/pods/$pod/eviction "\${@:2}" -f -; };`;

/** One after the other, the first may have been replaced already before the second is asked for. */
const EVICT_ALL_AT_ONCE = `for pod in $(kubectl get pods -l app=web -o jsonpath="{.items[*].metadata.name}"); do echo '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"'$pod'"}}' | kubectl create --raw /api/v1/namespaces/$NAMESPACE/pods/$pod/eviction -f - 2>&1 & done | sort`;

/** Workloads other than deployments. */
export const WORKLOAD_COMPARISONS: readonly Comparison[] = [
  {
    title: "stateful sets",
    steps: [
      "kubectl apply -f stateful.yml && kubectl rollout status statefulset store --timeout=90s | tail -1",
      "kubectl get statefulset store",
      "kubectl get pods -o custom-columns=N:.metadata.name,H:.spec.hostname,S:.spec.subdomain",
      "kubectl get pod store-1 -o jsonpath='{.metadata.labels}' | sed 's/store-[a-z0-9]\\{8,10\\}/store-HASH/'",
      "kubectl get controllerrevisions -o jsonpath='{.items[*].revision}'",
      "kubectl scale statefulset store --replicas=3 && kubectl rollout status statefulset store --timeout=90s | tail -1",
      "kubectl set env statefulset store A=1 && kubectl rollout status statefulset store --timeout=90s | tail -1",
      "kubectl rollout history statefulset store",
      "kubectl rollout undo statefulset store && kubectl rollout status statefulset store --timeout=90s | tail -1",
      "kubectl rollout history statefulset store",
      `kubectl patch statefulset store -p '{"spec":{"serviceName":"other"}}'`,
      "kubectl get endpointslices -l kubernetes.io/service-name=store -o jsonpath='{.items[*].endpoints[*].hostname}' | tr ' ' '\\n' | sort",
      "kubectl scale statefulset store --replicas=1 && kubectl wait --for=delete pod/store-1 --timeout=60s >/dev/null; kubectl get pods -o name",
      "kubectl delete statefulset store --cascade=foreground && kubectl get pods",
    ],
  },
  {
    title: "daemon sets",
    steps: [
      "kubectl apply -f daemon.yml && kubectl rollout status daemonset agent --timeout=60s | tail -1",
      "kubectl get daemonset agent",
      "kubectl get pods -l app=agent --no-headers | wc -l",
      "kubectl set env daemonset agent A=1 && kubectl rollout status daemonset agent --timeout=60s | tail -1",
      "kubectl rollout history daemonset agent",
      "kubectl rollout undo daemonset agent && kubectl rollout status daemonset agent --timeout=60s | tail -1",
      "kubectl delete daemonset agent",
    ],
  },
  {
    title: "jobs",
    steps: [
      "kubectl apply -f jobs.yml",
      "kubectl wait --for=condition=complete job/count --timeout=60s",
      "kubectl wait --for=condition=failed job/fail --timeout=60s",
      "kubectl get jobs",
      "kubectl get job count -o jsonpath='{.status.succeeded} {.status.conditions[*].type} {.spec.completionMode} {.spec.backoffLimit}'",
      "kubectl get job fail -o jsonpath='{.status.failed} {.status.conditions[*].reason}'",
      "kubectl logs job/count --tail=1 2>/dev/null",
      `kubectl create job later --image=bookmesh/base-node:24 --dry-run=client -o json -- true | sed 's/"template"/"suspend":true,"template"/' | kubectl create -f - && kubectl get job later`,
      `kubectl create job always --image=bookmesh/base-node:24 --dry-run=client -o json -- true | sed 's/Never/Always/' | kubectl create -f -`,
      `kubectl patch job count --type=merge -p '{"spec":{"completions":5}}'`,
      `kubectl patch job count --type=merge -p '{"spec":{"ttlSecondsAfterFinished":1}}' && kubectl wait --for=delete job/count --timeout=30s > /dev/null`,
      "kubectl delete jobs --all",
    ],
  },
  {
    title: "cron jobs",
    steps: [
      "kubectl create cronjob tick --image=bookmesh/base-node:24 --schedule='0 0 31 2 *' -- true",
      "kubectl get cronjob tick",
      "kubectl get cronjob tick -o jsonpath='{.spec.concurrencyPolicy} {.spec.suspend} {.spec.successfulJobsHistoryLimit} {.spec.failedJobsHistoryLimit} {.spec.jobTemplate.spec.template.spec.restartPolicy}'",
      "kubectl create cronjob bad --image=bookmesh/base-node:24 --schedule='x' -- true",
      "kubectl create cronjob bad --image=bookmesh/base-node:24 --schedule='61 * * * *' -- true",
      `kubectl patch cronjob tick -p '{"spec":{"timeZone":"Europe/Nowhere"}}'`,
      `kubectl patch cronjob tick -p '{"spec":{"concurrencyPolicy":"Maybe"}}'`,
      `kubectl patch cronjob tick -p '{"spec":{"suspend":true,"timeZone":"Europe/Vienna"}}' && kubectl get cronjob tick`,
      "kubectl create job now --from=cronjob/tick --dry-run=client -o jsonpath='{.spec.template.spec.containers[*].command}'",
      "kubectl create job direct --image=bookmesh/base-node:24 --dry-run=server -- true",
      "kubectl delete cronjob tick",
    ],
  },
  {
    title: "disruption budgets",
    steps: [
      "kubectl apply -f web.yml && kubectl rollout status deployment web | tail -1",
      "kubectl create poddisruptionbudget web --selector=app=web --min-available=2 && sleep 2",
      "kubectl get poddisruptionbudget web",
      "kubectl get poddisruptionbudget web -o yaml",
      `${EVICT} evict 0`,
      `${EVICT} evict 0 -v=9 2>&1 | grep -o '"causes":\\[[^]]*\\]' | head -1`,
      "kubectl create poddisruptionbudget other --selector=app=web --max-unavailable=50% && sleep 2; kubectl get poddisruptionbudget other -o jsonpath='{.status}'",
      `${EVICT} evict 0`,
      "kubectl delete poddisruptionbudget web",
      EVICT_ALL_AT_ONCE,
      "sleep 5; kubectl wait --for=condition=available deployment web --timeout=60s; sleep 1; kubectl get poddisruptionbudget other -o jsonpath='{.status}'",
      `kubectl patch poddisruptionbudget other --type=merge -p '{"spec":{"minAvailable":1}}'`,
      `kubectl patch poddisruptionbudget other --type=merge -p '{"spec":{"minAvailable":"120%","maxUnavailable":null}}'`,
      `echo '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"other"}}' | kubectl create --raw /api/v1/namespaces/$NAMESPACE/pods/nothing/eviction -f -`,
      "kubectl delete poddisruptionbudget other",
    ],
  },
  {
    title: "kinds that are kept",
    steps: [
      "kubectl create role reader --verb=get --resource=pods && kubectl get role reader",
      "kubectl create rolebinding reading --role=reader --serviceaccount=$NAMESPACE:default && kubectl get rolebinding reading -o wide",
      "kubectl create quota small --hard=pods=10",
      `echo '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"none"},"spec":{"podSelector":{}}}' | kubectl apply -f - && kubectl get networkpolicy none -o jsonpath='{.spec}'`,
      `echo '{"apiVersion":"v1","kind":"Service","metadata":{"name":"outside"},"spec":{"type":"ExternalName","externalName":"example.org"}}' | kubectl apply -f - && kubectl get service outside`,
      `echo '{"apiVersion":"v1","kind":"Service","metadata":{"name":"sticky"},"spec":{"sessionAffinity":"ClientIP","ports":[{"port":80}]}}' | kubectl apply -f - && kubectl get service sticky -o jsonpath='{.spec.sessionAffinityConfig}'`,
      `echo '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"leader"},"spec":{"holderIdentity":"one","leaseDurationSeconds":15}}' | kubectl create -f - && kubectl get lease leader`,
      `mine=$(kubectl get lease leader -o json | sed 's/"one"/"two"/'); kubectl patch lease leader --type=merge -p '{"spec":{"holderIdentity":"three"}}'; echo "$mine" | kubectl replace -f -`,
      `kubectl patch lease leader --type=merge -p '{"spec":{"leaseDurationSeconds":0}}'`,
      "kubectl get endpoints,resourcequotas,limitranges,horizontalpodautoscalers,ingresses",
    ],
  },
];
