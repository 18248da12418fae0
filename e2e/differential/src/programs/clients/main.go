// Command clients does what programs built on client-go do, against the cluster of KUBECONFIG and in NAMESPACE, and prints
// what it saw: a line of JSON each, without what changes from run to run. Two clusters that are the same print the same.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"k8s.io/klog/v2"
)

// behaviours are what can be asked for, by name.
var behaviours = map[string]func(context.Context, *session) error{
	"access":            seeAccess,
	"apply":             seeApply,
	"bookmarks":         seeBookmarks,
	"conflicts":         seeConflicts,
	"discovery":         seeDiscovery,
	"dry-run":           seeDryRun,
	"dynamic":           seeDynamic,
	"election-loss":     seeElectionLoss,
	"election-release":  seeElectionRelease,
	"eviction":          seeEviction,
	"exec-spdy":         seeExecSpdy,
	"exec-websocket":    seeExecWebSocket,
	"forward-spdy":      seeForwardSpdy,
	"forward-websocket": seeForwardWebSocket,
	"informer":          seeInformer,
	"informer-cut":      seeInformerCut,
	"informer-down":     seeInformerDown,
	"informer-expired":  seeInformerExpired,
	"logs":              seeLogs,
	"metadata":          seeMetadata,
	"openapi":           seeOpenAPI,
	"pages":             seePages,
	"patches":           seePatches,
	"protobuf":          seeProtobuf,
	"protobuf-alone":    seeProtobufAlone,
	"retry-watcher":     seeRetryWatcher,
	"scale":             seeScale,
	"selectors":         seeSelectors,
	"status":            seeStatus,
	"strict":            seeStrict,
	"tokens":            seeTokens,
	"typed":             seeTyped,
	"watch-list":        seeWatchList,
}

// limit is longer than any behaviour takes: what hangs has failed.
const limit = 60 * time.Second

func main() {
	klog.SetLogger(klog.Logger{}) // client-go logs what it recovers from; the lines say whether it did
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 || behaviours[os.Args[1]] == nil {
		return fmt.Errorf("usage: clients BEHAVIOUR")
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	session, err := newSession()
	if err != nil {
		return err
	}
	return behaviours[os.Args[1]](ctx, session)
}
