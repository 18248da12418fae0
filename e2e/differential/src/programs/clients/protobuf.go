package main

import (
	"context"
	"net/http"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// seeProtobuf speaks as controllers of Kubernetes itself do: protobuf, with JSON where that is not served.
func seeProtobuf(ctx context.Context, s *session) error {
	return s.speakProtobuf(ctx, "both", runtime.ContentTypeProtobuf+","+runtime.ContentTypeJSON)
}

// seeProtobufAlone takes no other answer.
func seeProtobufAlone(ctx context.Context, s *session) error {
	return s.speakProtobuf(ctx, "alone", runtime.ContentTypeProtobuf)
}

func (s *session) speakProtobuf(ctx context.Context, name, accept string) error {
	config := rest.CopyConfig(s.config)
	config.ContentType, config.AcceptContentTypes = runtime.ContentTypeProtobuf, accept
	var answers []string
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(request)
			if err == nil {
				answers = append(answers, response.Header.Get("Content-Type"))
			}
			return response, err
		})
	})
	spoken, err := sessionWith(config)
	if err != nil {
		return err
	}
	client := spoken.configMaps()
	object := configMap(name, "protobuf-"+name, "1")
	object.BinaryData = map[string][]byte{"bytes": {0, 1, 255}}
	created, err := client.Create(ctx, object, metav1.CreateOptions{})
	if err != nil {
		saw("created", err)
		return nil
	}
	saw("created", map[string]any{"data": created.Data, "bytes": created.BinaryData, "labels": created.Labels, "managers": len(created.ManagedFields)})
	list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=protobuf-" + name})
	saw("listed", either(names(list), err))
	watched, err := client.Watch(ctx, metav1.ListOptions{LabelSelector: "of=protobuf-" + name, ResourceVersion: list.ResourceVersion})
	if err != nil {
		return err
	}
	defer watched.Stop()
	patched, err := client.Patch(ctx, name, types.StrategicMergePatchType, []byte(`{"data":{"key":"2"}}`), metav1.PatchOptions{})
	saw("patched", either(patched.Data, err))
	event := <-watched.ResultChan()
	seen, isConfigMap := event.Object.(*corev1.ConfigMap)
	saw("watched", isConfigMap && event.Type == "MODIFIED" && seen.Data["key"] == "2")
	_, err = client.Get(ctx, "nothing", metav1.GetOptions{})
	saw("read what is not there", err)
	if err := spoken.deployProtobuf(ctx, name); err != nil {
		return err
	}
	saw("deleted", client.Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: new(int64)}))
	slices.Sort(answers)
	saw("answered in", slices.Compact(answers))
	return nil
}

// deployProtobuf writes and reads an object of many kinds of fields.
func (s *session) deployProtobuf(ctx context.Context, name string) error {
	labels := map[string]string{"app": name}
	replicas := int32(0)
	deployment, err := s.typed.AppsV1().Deployments(s.namespace).Create(ctx, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
				Containers: []corev1.Container{{Name: "web", Image: "bookmesh/base-node:24", Env: []corev1.EnvVar{{Name: "A", Value: "1"}}}},
			}},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	spec := deployment.Spec
	saw("deployed", map[string]any{
		"replicas": spec.Replicas, "strategy": spec.Strategy, "selector": spec.Selector, "container": spec.Template.Spec.Containers[0],
		"dns": spec.Template.Spec.DNSPolicy, "created": !deployment.CreationTimestamp.IsZero(), "kind": deployment.Kind,
	})
	return nil
}
