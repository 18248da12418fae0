package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

const (
	// bigBytes fill a ConfigMap nearly: a history of such objects is full soon.
	bigBytes = 900_000
	// writesARound are made between two looks at whether the oldest version is forgotten.
	writesARound = 40
	// rounds are enough for any history that is meant to fit into memory.
	rounds = 20
)

// forget writes until the server has forgotten its first version.
func (s *session) forget(ctx context.Context) error {
	if err := s.put(ctx, "big", "forgetting", strings.Repeat("x", bigBytes)); err != nil {
		return err
	}
	client, err := metadata.NewForConfig(s.config)
	if err != nil {
		return err
	}
	for round := range rounds {
		err := s.watchFrom(ctx, "1")
		if apierrors.IsResourceExpired(err) {
			saw("watch from the first version", apierrors.ReasonForError(err))
			return s.configMaps().Delete(ctx, "big", metav1.DeleteOptions{})
		}
		if err != nil {
			return err
		}
		for write := range writesARound {
			patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"write":"%d-%d"}}}`, round, write)
			_, err := client.Resource(configMapResource).Namespace(s.namespace).Patch(ctx, "big", types.MergePatchType, patch, metav1.PatchOptions{})
			if err != nil {
				return err
			}
		}
	}
	return errors.New("the first version is never forgotten")
}

// watchFrom is the error with which a watch begins, if it does.
func (s *session) watchFrom(ctx context.Context, version string) error {
	second := int64(1)
	watched, err := s.configMaps().Watch(ctx, metav1.ListOptions{ResourceVersion: version, TimeoutSeconds: &second})
	if err != nil {
		return err
	}
	defer watched.Stop()
	if event := <-watched.ResultChan(); event.Type == watch.Error {
		return apierrors.FromObject(event.Object)
	}
	return nil
}

func seeBookmarks(ctx context.Context, s *session) error {
	if err := s.put(ctx, "marked", "bookmarks", "1"); err != nil {
		return err
	}
	list, err := s.configMaps().List(ctx, metav1.ListOptions{LabelSelector: "of=bookmarks"})
	if err != nil {
		return err
	}
	for _, asks := range []bool{true, false} {
		seconds := int64(5)
		watched, err := s.configMaps().Watch(ctx, metav1.ListOptions{
			LabelSelector: "of=bookmarks", ResourceVersion: list.ResourceVersion, TimeoutSeconds: &seconds, AllowWatchBookmarks: asks,
		})
		if err != nil {
			return err
		}
		// A bookmark tells only of what came after the list.
		if err := s.put(ctx, fmt.Sprintf("unseen-%t", asks), "nobody", "1"); err != nil {
			return err
		}
		kinds := map[watch.EventType]bool{}
		named := false
		for event := range watched.ResultChan() {
			kinds[event.Type] = true
			object, err := meta.Accessor(event.Object)
			if err != nil {
				return err
			}
			named = named || object.GetName() != "" || object.GetResourceVersion() == ""
		}
		saw(fmt.Sprintf("watch to its end, bookmarks %t", asks), map[string]any{"events": kinds, "named": named})
	}
	return nil
}

func seeRetryWatcher(ctx context.Context, s *session) error {
	relay, cut, err := s.throughRelay()
	if err != nil {
		return err
	}
	list, err := s.configMaps().List(ctx, metav1.ListOptions{LabelSelector: "of=retry"})
	if err != nil {
		return err
	}
	watcher, err := watchtools.NewRetryWatcherWithContext(ctx, list.ResourceVersion, &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.LabelSelector = "of=retry"
			return cut.configMaps().Watch(ctx, options)
		},
	})
	if err != nil {
		return err
	}
	defer watcher.Stop()
	var events []string
	for _, name := range []string{"first", "second", "third"} {
		if err := s.put(ctx, name, "retry", "1"); err != nil {
			return err
		}
		event := <-watcher.ResultChan()
		object, err := meta.Accessor(event.Object)
		if err != nil {
			return err
		}
		events = append(events, fmt.Sprintf("%s %s", event.Type, object.GetName()))
		relay.cut()
	}
	saw("events over connections that were cut", events)
	return nil
}
