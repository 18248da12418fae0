package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/util/retry"
)

var configMapResource = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

func seeTyped(ctx context.Context, s *session) error {
	client := s.configMaps()
	created, err := client.Create(ctx, configMap("typed", "typed", "1"), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	saw("created", map[string]any{"data": created.Data, "generation": created.Generation, "uid": created.UID != ""})
	_, err = client.Create(ctx, configMap("typed", "typed", "1"), metav1.CreateOptions{})
	saw("created again", err)
	_, err = client.Get(ctx, "nothing", metav1.GetOptions{})
	saw("read what is not there", err)
	made, err := client.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "made-"}}, metav1.CreateOptions{})
	saw("made a name", either(made != nil && len(made.Name) == len("made-")+5, err))
	stale := created.DeepCopy()
	created.Data["key"] = "2"
	if _, err = client.Update(ctx, created, metav1.UpdateOptions{}); err != nil {
		return err
	}
	_, err = client.Update(ctx, stale, metav1.UpdateOptions{})
	saw("updated a stale object", err)
	blind := configMap("typed", "typed", "3")
	updated, err := client.Update(ctx, blind, metav1.UpdateOptions{})
	saw("updated without a version", either(updated.Data, err))
	_, err = client.Update(ctx, configMap("nothing", "typed", "3"), metav1.UpdateOptions{})
	saw("updated what is not there", err)
	blind.UID = "00000000-0000-0000-0000-000000000000"
	_, err = client.Update(ctx, blind, metav1.UpdateOptions{})
	saw("updated another object of the name", err)
	other := types.UID("00000000-0000-0000-0000-000000000000")
	saw("deleted another object of the name", client.Delete(ctx, "typed", metav1.DeleteOptions{
		Preconditions: &metav1.Preconditions{UID: &other},
	}))
	saw("deleted an older version", client.Delete(ctx, "typed", metav1.DeleteOptions{
		Preconditions: &metav1.Preconditions{ResourceVersion: &stale.ResourceVersion},
	}))
	saw("deleted all of a label", client.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "of=typed"}))
	left, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=typed"})
	saw("how many are left", either(len(left.Items), err))
	return nil
}

func seeDynamic(ctx context.Context, s *session) error {
	client := s.dynamic.Resource(configMapResource).Namespace(s.namespace)
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "dynamic", "labels": map[string]any{"of": "dynamic"}},
		"data":     map[string]any{"key": "1"},
	}}
	created, err := client.Create(ctx, object, metav1.CreateOptions{FieldManager: "clients"})
	if err != nil {
		return err
	}
	saw("created", map[string]any{"kind": created.GetKind(), "managers": managers(created.GetManagedFields())})
	list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=dynamic"})
	saw("listed", either(map[string]any{"kind": list.GetKind(), "items": len(list.Items), "item": list.Items[0].GetKind()}, err))
	typed, err := s.configMaps().Get(ctx, "dynamic", metav1.GetOptions{})
	saw("read by the typed client", either(typed.Data, err))
	object.SetAPIVersion("v2")
	_, err = client.Create(ctx, object, metav1.CreateOptions{})
	saw("created in a version that there is not", err)
	object.SetAPIVersion("v1")
	object.SetNamespace("default")
	_, err = client.Create(ctx, object, metav1.CreateOptions{})
	saw("created for another namespace", err)
	_, err = s.dynamic.Resource(schema.GroupVersionResource{Group: "nothing.dev", Version: "v1", Resource: "nothings"}).List(ctx, metav1.ListOptions{})
	saw("listed a kind that there is not", err)
	return nil
}

func managers(fields []metav1.ManagedFieldsEntry) []string {
	shown := []string{}
	for _, each := range fields {
		shown = append(shown, fmt.Sprintf("%s %s %s", each.Manager, each.Operation, each.FieldsV1.Raw))
	}
	slices.Sort(shown)
	return shown
}

// seeMetadata reads objects as PartialObjectMetadata, as controllers do that need no more.
func seeMetadata(ctx context.Context, s *session) error {
	all, err := metadata.NewForConfig(s.config)
	if err != nil {
		return err
	}
	client := all.Resource(configMapResource).Namespace(s.namespace)
	if err := s.put(ctx, "partial", "metadata", "1"); err != nil {
		return err
	}
	list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=metadata"})
	if err != nil {
		return err
	}
	saw("listed", map[string]any{"items": len(list.Items), "labels": list.Items[0].Labels})
	watched, err := client.Watch(ctx, metav1.ListOptions{LabelSelector: "of=metadata", ResourceVersion: list.ResourceVersion})
	if err != nil {
		return err
	}
	defer watched.Stop()
	patched, err := client.Patch(ctx, "partial", types.MergePatchType, []byte(`{"metadata":{"annotations":{"seen":"yes"}}}`), metav1.PatchOptions{})
	saw("patched", either(patched.Annotations, err))
	event := <-watched.ResultChan()
	object, isPartial := event.Object.(*metav1.PartialObjectMetadata)
	saw("watched", isPartial && object.Annotations["seen"] == "yes")
	saw("deleted", client.Delete(ctx, "partial", metav1.DeleteOptions{}))
	return nil
}

// seeConflicts lets several writers count in one object, each by reading and updating.
func seeConflicts(ctx context.Context, s *session) error {
	if err := s.put(ctx, "count", "conflicts", "0"); err != nil {
		return err
	}
	const counters, times = 4, 5
	backoff := retry.DefaultBackoff
	backoff.Steps = 100
	backoff.Factor = 1
	var group sync.WaitGroup
	failures := make(chan error, counters*times)
	for range counters {
		group.Go(func() {
			for range times {
				failures <- retry.RetryOnConflict(backoff, func() error { return s.count(ctx) })
			}
		})
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	counted, err := s.configMaps().Get(ctx, "count", metav1.GetOptions{})
	saw("counted", either(counted.Data["key"], err))
	return nil
}

func (s *session) count(ctx context.Context) error {
	object, err := s.configMaps().Get(ctx, "count", metav1.GetOptions{})
	if err != nil {
		return err
	}
	value, err := strconv.Atoi(object.Data["key"])
	if err != nil {
		return err
	}
	object.Data["key"] = strconv.Itoa(value + 1)
	_, err = s.configMaps().Update(ctx, object, metav1.UpdateOptions{})
	return err
}
