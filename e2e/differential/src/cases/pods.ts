import type { Comparison } from "../harness/comparison.ts";

/** Forwards ports, asks through them, ends, and shows the lines that kubectl printed. */
const forward = (target: string, ports: string, asks: string): string =>
  `out=$(mktemp); exec "\${KUBECTL:-kubectl}" --namespace "$NAMESPACE" port-forward ${target} ${ports} --address 127.0.0.1 > $out 2>&1 & pid=$!; for try in $(seq 100); do grep -q Forwarding $out && break; sleep 0.1; done; ${asks}; kill $pid; sed 's/127.0.0.1:[0-9]*/LOCAL/' $out; rm $out`;
/** The local port that the background command chose. */
const CHOSEN = "$(sed -n 's/^Forwarding from 127.0.0.1:\\([0-9]*\\).*/\\1/p' $out | head -1)";

/** What reaches into running pods. */
export const POD_COMPARISONS: readonly Comparison[] = [
  {
    title: "exec and logs",
    steps: [
      "kubectl apply -f talker.yml && kubectl wait --for=condition=Ready pod/talker --timeout=60s",
      "kubectl logs talker",
      "kubectl logs talker -c talker --tail=1",
      "kubectl logs talker --all-containers --prefix",
      "kubectl logs talker -c nothing",
      "kubectl logs talker -c talker --previous",
      "kubectl logs nothing",
      "kubectl logs talker --limit-bytes=5",
      "kubectl logs talker --timestamps",
      "kubectl exec talker -- sh -c 'echo out; echo err >&2; exit 7'",
      "kubectl exec talker -c quiet -- echo quiet",
      "echo typed | kubectl exec -i talker -c quiet -- cat",
      "kubectl exec talker -c nothing -- true",
      "kubectl exec nothing -- true",
      "kubectl exec talker -- no-such-program",
      "kubectl cp settings.yml talker:/tmp/copied -c quiet && kubectl exec talker -c quiet -- cat /tmp/copied",
      "kubectl get pod talker -o jsonpath='{.status.phase} {.status.qosClass} {.status.containerStatuses[*].started}'",
      "kubectl delete pod talker",
    ],
  },
  {
    title: "port-forward",
    steps: [
      "kubectl apply -f web.yml && kubectl rollout status deployment web | tail -1",
      forward("service/web", ":80", `curl -s http://127.0.0.1:${CHOSEN}/one http://127.0.0.1:${CHOSEN}/two`),
      forward(
        "deployment/web",
        ":8080",
        `curl -s http://127.0.0.1:${CHOSEN}/a & curl -s http://127.0.0.1:${CHOSEN}/a; sleep 1`,
      ),
      forward("$(kubectl get pods -l app=web -o name | head -1)", ":8080 :http", "true"),
      forward("deployment/web", ":9", `curl -s -o /dev/null http://127.0.0.1:${CHOSEN}/; sleep 1; echo $?`),
      "kubectl port-forward service/web :81",
      "kubectl port-forward service/nothing :80",
      "kubectl port-forward pod/nothing :80",
    ],
  },
];
