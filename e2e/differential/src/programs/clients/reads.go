package main

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/pager"
)

func seePages(ctx context.Context, s *session) error {
	client := s.configMaps()
	for number := range 25 {
		if err := s.put(ctx, fmt.Sprintf("page-%02d", number), "pages", "1"); err != nil {
			return err
		}
	}
	options := metav1.ListOptions{LabelSelector: "of=pages", Limit: 10}
	first, err := client.List(ctx, options)
	if err != nil {
		return err
	}
	saw("first page", map[string]any{"items": len(first.Items), "last": first.Items[9].Name, "left": first.RemainingItemCount})
	if err := s.put(ctx, "page-11b", "pages", "1"); err != nil {
		return err
	}
	if err := client.Delete(ctx, "page-12", metav1.DeleteOptions{}); err != nil {
		return err
	}
	options.Continue, options.Limit = first.Continue, 4
	second, err := client.List(ctx, options)
	if err != nil {
		return err
	}
	saw("second page, of the state at the first", names(second))
	saw("of the same version", second.ResourceVersion == first.ResourceVersion)
	options.Continue, options.Limit = second.Continue, 0
	rest, err := client.List(ctx, options)
	if err != nil {
		return err
	}
	saw("the rest", map[string]any{"items": len(rest.Items), "more": rest.Continue != "", "left": rest.RemainingItemCount})
	options.ResourceVersion = first.ResourceVersion
	_, err = client.List(ctx, options)
	saw("continued with a version", err)
	all := 0
	pages := pager.New(pager.SimplePageFunc(func(options metav1.ListOptions) (runtime.Object, error) { return client.List(ctx, options) }))
	pages.PageSize = 7
	err = pages.EachListItem(ctx, metav1.ListOptions{LabelSelector: "of=pages"}, func(runtime.Object) error { all++; return nil })
	saw("paged through", either(all, err))
	_, err = client.List(ctx, metav1.ListOptions{Limit: -1})
	saw("with a negative limit", either("listed", err))
	exact, err := client.List(ctx, metav1.ListOptions{
		LabelSelector: "of=pages", ResourceVersion: first.ResourceVersion, ResourceVersionMatch: metav1.ResourceVersionMatchExact,
	})
	saw("of exactly that version", either(len(exact.Items), err))
	return nil
}

func names(list *corev1.ConfigMapList) []string {
	shown := []string{}
	for _, item := range list.Items {
		shown = append(shown, item.Name)
	}
	slices.Sort(shown)
	return shown
}

func seeSelectors(ctx context.Context, s *session) error {
	client := s.configMaps()
	for _, name := range []string{"red", "green", "blue"} {
		object := configMap(name, "selectors", "1")
		object.Labels["colour"] = name
		if name == "blue" {
			object.Labels["deep"] = ""
		}
		if _, err := client.Create(ctx, object, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	for _, labels := range []string{
		"colour=red", "colour==red", "colour!=red", "colour in (red,blue)", "colour notin (red),deep", "deep", "!deep", "deep=",
		"colour in (red", "colour=red,colour=blue", "colour>1", "-bad=x", "colour in ()",
	} {
		list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=selectors," + labels})
		saw("labels "+labels, either(names(list), err))
	}
	for _, fields := range []string{
		"metadata.name=red", "metadata.name!=red", "metadata.namespace=" + s.namespace, "metadata.name=red,metadata.name=blue", "data.key=1", "metadata.name>red",
	} {
		list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=selectors", FieldSelector: fields})
		saw("fields "+fields, either(names(list), err))
	}
	for _, fields := range []string{"status.phase=Running", "spec.nodeName=nowhere", "spec.restartPolicy=Always", "spec.serviceAccountName=default", "status.podIP=192.0.2.1", "spec.hostname=x"} {
		list, err := s.typed.CoreV1().Pods(s.namespace).List(ctx, metav1.ListOptions{FieldSelector: fields})
		saw("pods with "+fields, either(len(list.Items), err))
	}
	for _, fields := range []string{"reason=x,involvedObject.kind=Pod", "type=Normal,involvedObject.name=x", "source=x", "nonsense=x"} {
		list, err := s.typed.CoreV1().Events(s.namespace).List(ctx, metav1.ListOptions{FieldSelector: fields})
		saw("events with "+fields, either(len(list.Items), err))
	}
	list, err := s.typed.CoreV1().Secrets(s.namespace).List(ctx, metav1.ListOptions{FieldSelector: "type=Opaque"})
	saw("secrets with type=Opaque", either(len(list.Items), err))
	return nil
}
