package main

import (
	"context"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/scale"
)

// seeScale wants the Deployment `web`.
func seeScale(ctx context.Context, s *session) error {
	client := s.typed.AppsV1().Deployments(s.namespace)
	found, err := client.GetScale(ctx, "web", metav1.GetOptions{})
	if err != nil {
		return err
	}
	saw("read", map[string]any{"spec": found.Spec, "selector": found.Status.Selector})
	found.Spec.Replicas = 1
	updated, err := client.UpdateScale(ctx, "web", found, metav1.UpdateOptions{})
	saw("updated", either(updated.Spec, err))
	_, err = client.UpdateScale(ctx, "web", found, metav1.UpdateOptions{})
	saw("updated a stale one", err)
	_, err = client.UpdateScale(ctx, "web", &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: autoscalingv1.ScaleSpec{Replicas: -1}}, metav1.UpdateOptions{})
	saw("updated to less than none", err)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(s.typed.Discovery()))
	resolver := scale.NewDiscoveryScaleKindResolver(s.typed.Discovery())
	scales, err := scale.NewForConfig(rest.CopyConfig(s.config), mapper, dynamic.LegacyAPIPathResolverFunc, resolver)
	if err != nil {
		return err
	}
	deployments := schema.GroupResource{Group: "apps", Resource: "deployments"}
	patched, err := scales.Scales(s.namespace).Patch(ctx, deployments.WithVersion("v1"), "web", types.MergePatchType, []byte(`{"spec":{"replicas":2}}`), metav1.PatchOptions{})
	saw("patched by whoever knows the subresource alone", either(patched.Spec, err))
	_, err = scales.Scales(s.namespace).Get(ctx, schema.GroupResource{Resource: "configmaps"}, "x", metav1.GetOptions{})
	saw("read of a kind that cannot be scaled", err != nil)
	return nil
}

// seeStatus wants the Pod `talker`, running.
func seeStatus(ctx context.Context, s *session) error {
	client := s.typed.CoreV1().Pods(s.namespace)
	condition := `{"type":"bookmesh.dev/seen","status":"True","reason":"Seen","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z"}`
	patch := []byte(`{"metadata":{"labels":{"ignored":"yes"}},"spec":{"activeDeadlineSeconds":1},"status":{"conditions":[` + condition + `]}}`)
	patched, err := client.Patch(ctx, "talker", types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	if err != nil {
		return err
	}
	saw("patched the status", map[string]any{"condition": hasCondition(patched), "label": patched.Labels["ignored"], "spec": patched.Spec.ActiveDeadlineSeconds})
	patched.Labels = map[string]string{"kept": "yes"}
	patched.Status = corev1.PodStatus{Phase: corev1.PodFailed}
	updated, err := client.Update(ctx, patched, metav1.UpdateOptions{})
	if err != nil {
		return err
	}
	saw("updated the object", map[string]any{"condition": hasCondition(updated), "phase": updated.Status.Phase, "label": updated.Labels["kept"]})
	read, err := client.Get(ctx, "talker", metav1.GetOptions{})
	saw("kept", either(hasCondition(read), err))
	_, err = s.configMaps().Patch(ctx, "kube-root-ca.crt", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{}, "status")
	saw("patched a status that there is not", err)
	return nil
}

func hasCondition(pod *corev1.Pod) bool {
	for _, each := range pod.Status.Conditions {
		if each.Type == "bookmesh.dev/seen" {
			return true
		}
	}
	return false
}

// seeEviction wants the Pod `talker`, running; it is gone afterwards.
func seeEviction(ctx context.Context, s *session) error {
	evict := func(name string, options *metav1.DeleteOptions) error {
		return s.typed.PolicyV1().Evictions(s.namespace).Evict(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: s.namespace}, DeleteOptions: options})
	}
	saw("evicted what is not there", evict("nothing", nil))
	other := types.UID("00000000-0000-0000-0000-000000000000")
	saw("evicted another pod of the name", evict("talker", &metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &other}}))
	saw("evicted on trial", evict("talker", &metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}))
	pod, err := s.typed.CoreV1().Pods(s.namespace).Get(ctx, "talker", metav1.GetOptions{})
	saw("is it ending", either(pod.DeletionTimestamp != nil, err))
	saw("evicted", evict("talker", nil))
	return until(ctx, func() bool {
		_, err := s.typed.CoreV1().Pods(s.namespace).Get(ctx, "talker", metav1.GetOptions{})
		return err != nil
	})
}
