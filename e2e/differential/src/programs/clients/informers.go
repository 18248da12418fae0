package main

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
)

const of = "informer"

// follow starts a shared informer on the ConfigMaps that carry the label, and waits until it has synced. The resynced handlers
// hear of every object again each second.
func (s *session) follow(ctx context.Context, handlers cache.ResourceEventHandler, resynced ...cache.ResourceEventHandler) (cache.SharedIndexInformer, error) {
	factory := informers.NewSharedInformerFactoryWithOptions(s.typed, time.Second, informers.WithNamespace(s.namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = "of=" + of }))
	informer := factory.Core().V1().ConfigMaps().Informer()
	if _, err := informer.AddEventHandlerWithResyncPeriod(handlers, 0); err != nil {
		return nil, err
	}
	for _, each := range resynced {
		if _, err := informer.AddEventHandler(each); err != nil {
			return nil, err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return informer, nil
}

func seeInformer(ctx context.Context, s *session) error {
	if err := s.put(ctx, "a", of, "1"); err != nil {
		return err
	}
	var calls, late, resynced heard
	informer, err := s.follow(ctx, calls.handlers(), resynced.handlers())
	if err != nil {
		return err
	}
	if err := s.change(ctx, &calls); err != nil {
		return err
	}
	saw("what the handlers heard", calls.seen())
	if _, err := informer.AddEventHandlerWithResyncPeriod(late.handlers(), 0); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return late.has("add a at first") }); err != nil {
		return err
	}
	saw("what a late handler heard", late.seen())
	if err := until(ctx, func() bool { return resynced.has("resync a") }); err != nil {
		return err
	}
	saw("the resynced handler hears of what it knows", resynced.has("add a at first"))
	saw("what the store holds", informer.GetStore().ListKeys()[0] == s.namespace+"/a")
	return nil
}

// change creates, updates and deletes, takes an object out of the selection and brings it back, and waits until all was heard.
func (s *session) change(ctx context.Context, calls *heard) error {
	if err := s.put(ctx, "b", of, "1"); err != nil {
		return err
	}
	if err := s.put(ctx, "unseen", "other", "1"); err != nil {
		return err
	}
	steps := []struct{ name, patch, call string }{
		{"a", `{"data":{"key":"2"}}`, "update a from 1 to 2"},
		{"b", `{"metadata":{"labels":{"of":"other"}}}`, "delete b"},
		{"b", `{"metadata":{"labels":{"of":"informer"}},"data":{"key":"3"}}`, "add b"},
		{"b", `{"metadata":{"finalizers":["bookmesh.dev/hold"]},"data":{"key":"4"}}`, "update b from 3 to 4"},
	}
	for _, step := range steps {
		_, err := s.configMaps().Patch(ctx, step.name, types.MergePatchType, []byte(step.patch), metav1.PatchOptions{})
		if err != nil {
			return err
		}
		if err := until(ctx, func() bool { return calls.has(step.call) }); err != nil {
			return err
		}
	}
	if err := s.configMaps().Delete(ctx, "b", metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return calls.has("update b from 4 to 4") }); err != nil {
		return err
	}
	release := []byte(`{"metadata":{"finalizers":null}}`)
	if _, err := s.configMaps().Patch(ctx, "b", types.MergePatchType, release, metav1.PatchOptions{}); err != nil {
		return err
	}
	return until(ctx, func() bool {
		return len(slices.DeleteFunc(calls.seen(), func(call string) bool { return call != "delete b" })) == 2
	})
}

// seeWatchList wants KUBE_FEATURE_WatchListClient=true: the first state comes by the watch itself.
func seeWatchList(ctx context.Context, s *session) error {
	for _, name := range []string{"c", "d"} {
		if err := s.put(ctx, name, of, "1"); err != nil {
			return err
		}
	}
	var made requests
	recorded, err := sessionWith(made.record(s.config))
	if err != nil {
		return err
	}
	var calls heard
	if _, err := recorded.follow(ctx, calls.handlers()); err != nil {
		return err
	}
	if err := s.put(ctx, "e", of, "1"); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return calls.has("add e") }); err != nil {
		return err
	}
	first := calls.seen()
	slices.Sort(first)
	saw("what the handlers heard", first)
	saw("what was asked", made.seen())
	return nil
}

func seeInformerCut(ctx context.Context, s *session) error {
	relay, through, err := s.throughRelay()
	if err != nil {
		return err
	}
	var made requests
	recorded, err := sessionWith(made.record(through.config))
	if err != nil {
		return err
	}
	var calls heard
	if _, err := recorded.follow(ctx, calls.handlers()); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return len(made.seen()) == 2 }); err != nil {
		return err
	}
	relay.cut()
	if err := s.put(ctx, "cut", of, "1"); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return calls.has("add cut") && len(made.seen()) == 4 }); err != nil {
		return err
	}
	saw("what was asked", made.seen())
	return nil
}

func seeInformerDown(ctx context.Context, s *session) error {
	if err := s.put(ctx, "gone", of, "1"); err != nil {
		return err
	}
	relay, away, err := s.throughRelay()
	if err != nil {
		return err
	}
	var calls heard
	if _, err := away.follow(ctx, calls.handlers()); err != nil {
		return err
	}
	relay.leave()
	_, err = away.configMaps().Get(ctx, "gone", metav1.GetOptions{})
	saw("read while it is away", err != nil)
	if err := s.configMaps().Delete(ctx, "gone", metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := s.put(ctx, "come", of, "1"); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	saw("heard while it is away", calls.has("add come"))
	if err := relay.back(); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return calls.has("add come") && len(calls.seen()) >= 2 }); err != nil {
		return err
	}
	saw("heard afterwards", slices.ContainsFunc(calls.seen(), func(call string) bool {
		return call == "delete gone" || call == "delete gone that was missed"
	}))
	return nil
}

// seeInformerExpired brings an informer to a version that the server has forgotten.
func seeInformerExpired(ctx context.Context, s *session) error {
	if err := s.forget(ctx); err != nil {
		return err
	}
	if err := s.put(ctx, "old", of, "1"); err != nil {
		return err
	}
	relay, through, err := s.throughRelay()
	if err != nil {
		return err
	}
	var made requests
	var once sync.Once
	made.change = func(query url.Values) {
		if query.Get("watch") != "" && made.count("watch from where it was") == 1 {
			once.Do(func() { query.Set("resourceVersion", "1") })
		}
	}
	recorded, err := sessionWith(made.record(through.config))
	if err != nil {
		return err
	}
	var calls heard
	if _, err := recorded.follow(ctx, calls.handlers()); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return len(made.seen()) == 2 }); err != nil {
		return err
	}
	relay.cut()
	if err := until(ctx, func() bool { return made.count("watch from where it was") == 2 }); err != nil {
		return err
	}
	if err := s.put(ctx, "new", of, "1"); err != nil {
		return err
	}
	if err := until(ctx, func() bool { return calls.has("add new") }); err != nil {
		return err
	}
	saw("what was asked", made.seen())
	// What the second list finds as it was is no news, or is told of again.
	saw("what the handlers heard", slices.DeleteFunc(calls.seen(), func(call string) bool { return strings.HasPrefix(call, "resync") }))
	return nil
}
