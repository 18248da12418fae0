import type { Comparison } from "../harness/comparison.ts";

/** What programs on client-go do: each step is a behaviour of `src/programs/clients`. */
export const CLIENT_COMPARISONS: readonly Comparison[] = [
  {
    title: "client-go informers",
    needs: "clients",
    steps: [
      "clients informer",
      "KUBE_FEATURE_WatchListClient=true clients watch-list",
      "clients informer-cut",
      "clients informer-down",
      "clients informer-expired",
      "clients bookmarks",
      "clients retry-watcher",
      "clients metadata",
    ],
  },
  {
    title: "client-go leader election",
    needs: "clients",
    steps: ["clients election-loss", "clients election-release"],
  },
  {
    title: "client-go objects",
    needs: "clients",
    steps: [
      "clients typed",
      "clients dynamic",
      "clients patches",
      "clients apply",
      "clients strict",
      "clients dry-run",
      "clients pages",
      "clients selectors",
      "clients conflicts",
      "clients protobuf",
      "clients protobuf-alone",
    ],
  },
  {
    title: "client-go discovery and identity",
    needs: "clients",
    steps: ["clients discovery", "clients openapi", "clients tokens", "clients access"],
  },
  {
    title: "client-go pods",
    needs: "clients",
    steps: [
      "kubectl apply -f web.yml -f talker.yml && kubectl rollout status deployment web | tail -1 && kubectl wait --for=condition=Ready pod/talker --timeout=60s",
      "clients exec-spdy",
      "clients exec-websocket",
      "clients logs",
      "clients forward-spdy",
      "clients forward-websocket",
      "clients scale",
      "clients status",
      "clients eviction",
    ],
  },
];
