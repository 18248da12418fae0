package main

import (
	"context"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	appliedcorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/rest"
)

var serviceResource = schema.GroupVersionResource{Version: "v1", Resource: "services"}

// service is one with two ports, as a dynamic client writes it.
func service(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"selector": map[string]any{"app": name},
			"ports": []any{
				map[string]any{"name": "http", "port": int64(80)},
				map[string]any{"name": "tls", "port": int64(443)},
			},
		},
	}}
}

func seePatches(ctx context.Context, s *session) error {
	client := s.dynamic.Resource(serviceResource).Namespace(s.namespace)
	if _, err := client.Create(ctx, service("patched"), metav1.CreateOptions{}); err != nil {
		return err
	}
	patches := []struct {
		kind  types.PatchType
		patch string
	}{
		{types.JSONPatchType, `[{"op":"test","path":"/spec/ports/0/name","value":"http"},{"op":"replace","path":"/spec/ports/0/port","value":81}]`},
		{types.JSONPatchType, `[{"op":"copy","from":"/spec/selector/app","path":"/metadata/annotations"}]`},
		{types.JSONPatchType, `[{"op":"add","path":"/spec/ports/-","value":{"name":"more","port":82}},{"op":"move","from":"/spec/ports/1","path":"/spec/ports/0"}]`},
		{types.JSONPatchType, `[{"op":"shake","path":"/spec"}]`},
		{types.MergePatchType, `{"spec":{"selector":{"app":null,"tier":"front"}}}`},
		{types.MergePatchType, `{"spec":{"ports":[{"port":90}]}}`},
		{types.MergePatchType, `{"kind":"Pod"}`},
		{types.StrategicMergePatchType, `{"spec":{"ports":[{"name":"tls","port":443}]}}`},
		{types.StrategicMergePatchType, `{"spec":{"ports":[{"port":90,"name":"web"}]}}`},
		{types.StrategicMergePatchType, `{"spec":{"$setElementOrder/ports":[{"port":443},{"port":90}],"ports":[{"$patch":"delete","port":443}]}}`},
		{types.StrategicMergePatchType, `{"spec":{"selector":{"$patch":"replace","app":"one"}}}`},
		{types.PatchType("application/nonsense"), `{}`},
	}
	for _, each := range patches {
		patched, err := client.Patch(ctx, "patched", each.kind, []byte(each.patch), metav1.PatchOptions{})
		if err != nil {
			saw(each.patch, err)
			continue
		}
		spec := patched.Object["spec"].(map[string]any)
		saw(each.patch, map[string]any{"ports": spec["ports"], "selector": spec["selector"]})
	}
	_, err := client.Patch(ctx, "nothing", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{})
	saw("patched what is not there", err)
	return nil
}

func seeApply(ctx context.Context, s *session) error {
	client := s.configMaps()
	wanted := func(key, value string) *appliedcorev1.ConfigMapApplyConfiguration {
		return appliedcorev1.ConfigMap("applied", s.namespace).WithData(map[string]string{key: value})
	}
	applied, err := client.Apply(ctx, wanted("key", "1"), metav1.ApplyOptions{FieldManager: "one"})
	if err != nil {
		return err
	}
	saw("applied", managers(applied.ManagedFields))
	again, err := client.Apply(ctx, wanted("key", "1"), metav1.ApplyOptions{FieldManager: "one"})
	saw("applied again, without a new version", either(again.ResourceVersion == applied.ResourceVersion, err))
	_, err = client.Apply(ctx, wanted("key", "2"), metav1.ApplyOptions{FieldManager: "two"})
	saw("applied by another", err)
	shared, err := client.Apply(ctx, wanted("key", "1"), metav1.ApplyOptions{FieldManager: "two"})
	saw("applied the same by another", either(managers(shared.ManagedFields), err))
	forced, err := client.Apply(ctx, wanted("key", "2"), metav1.ApplyOptions{FieldManager: "two", Force: true})
	saw("forced", either(managers(forced.ManagedFields), err))
	given, err := client.Apply(ctx, wanted("other", "1"), metav1.ApplyOptions{FieldManager: "two"})
	saw("gave a field up", either(map[string]any{"data": given.Data, "managers": managers(given.ManagedFields)}, err))
	extracted, err := appliedcorev1.ExtractConfigMap(given, "two")
	saw("what is its own", either(extracted.Data, err))
	updated := given.DeepCopy()
	updated.Data["other"] = "2"
	updated, err = client.Update(ctx, updated, metav1.UpdateOptions{FieldManager: "three"})
	saw("updated by a third", either(managers(updated.ManagedFields), err))
	_, err = client.Apply(ctx, wanted("other", "3"), metav1.ApplyOptions{FieldManager: "two"})
	saw("applied after the update", err)
	_, err = client.Apply(ctx, wanted("other", "3"), metav1.ApplyOptions{})
	saw("applied by nobody", err)
	_, err = client.Apply(ctx, wanted("key", "1").WithResourceVersion("1"), metav1.ApplyOptions{FieldManager: "one"})
	saw("applied to an old version", err)
	_, err = client.Apply(ctx, wanted("key", "1").WithUID("00000000-0000-0000-0000-000000000000"), metav1.ApplyOptions{FieldManager: "one"})
	saw("applied to another object of the name", err)
	return nil
}

// warnings are what the API warns of.
type warnings struct {
	mutex sync.Mutex
	texts []string
}

func (w *warnings) HandleWarningHeader(code int, _, text string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.texts = append(w.texts, text)
}

func (w *warnings) take() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	texts := append([]string{}, w.texts...)
	w.texts = nil
	return texts
}

func seeStrict(ctx context.Context, s *session) error {
	var heard warnings
	config := rest.CopyConfig(s.config)
	config.WarningHandler = &heard
	warned, err := sessionWith(config)
	if err != nil {
		return err
	}
	client := warned.dynamic.Resource(serviceResource).Namespace(s.namespace)
	unknown := service("strict")
	spec := unknown.Object["spec"].(map[string]any)
	spec["colour"] = "red"
	spec["ports"].([]any)[0].(map[string]any)["portt"] = int64(1)
	for _, validation := range []string{"Strict", "Warn", "Ignore", "Nonsense"} {
		created, err := client.Create(ctx, unknown, metav1.CreateOptions{FieldValidation: validation, DryRun: []string{metav1.DryRunAll}})
		if err != nil {
			saw("created: "+validation, map[string]any{"refused": refusal(err), "warnings": heard.take()})
			continue
		}
		_, kept, _ := unstructured.NestedString(created.Object, "spec", "colour")
		saw("created: "+validation, map[string]any{"kept": kept, "warnings": heard.take()})
	}
	if _, err := client.Create(ctx, service("strict"), metav1.CreateOptions{}); err != nil {
		return err
	}
	for _, kind := range []types.PatchType{types.MergePatchType, types.StrategicMergePatchType} {
		for _, validation := range []string{"Strict", "Warn"} {
			_, err := client.Patch(ctx, "strict", kind, []byte(`{"spec":{"colour":"red"}}`), metav1.PatchOptions{FieldValidation: validation})
			saw("patched: "+validation+" "+string(kind), map[string]any{"refused": either(nil, err) != nil, "by": quotes.ReplaceAllString(message(err), "OBJECT"), "warnings": heard.take()})
		}
	}
	_, err = client.Patch(ctx, "strict", types.JSONPatchType, []byte(`[{"op":"add","path":"/spec/colour","value":"red"}]`), metav1.PatchOptions{FieldValidation: "Strict"})
	saw("patched: Strict "+string(types.JSONPatchType), err)
	return nil
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func seeDryRun(ctx context.Context, s *session) error {
	client := s.configMaps()
	all := []string{metav1.DryRunAll}
	created, err := client.Create(ctx, configMap("dry", "dry", "1"), metav1.CreateOptions{DryRun: all})
	saw("created", either(map[string]any{"uid": created.UID != "", "version": created.ResourceVersion}, err))
	_, err = client.Get(ctx, "dry", metav1.GetOptions{})
	saw("read", err)
	if err := s.put(ctx, "dry", "dry", "1"); err != nil {
		return err
	}
	_, err = client.Create(ctx, configMap("dry", "dry", "1"), metav1.CreateOptions{DryRun: all})
	saw("created again", err)
	updated, err := client.Update(ctx, configMap("dry", "dry", "2"), metav1.UpdateOptions{DryRun: all})
	saw("updated", either(updated.Data, err))
	patched, err := client.Patch(ctx, "dry", types.MergePatchType, []byte(`{"data":{"key":"3"}}`), metav1.PatchOptions{DryRun: all})
	saw("patched", either(patched.Data, err))
	applied, err := client.Apply(ctx, appliedcorev1.ConfigMap("wet", s.namespace), metav1.ApplyOptions{FieldManager: "dry", DryRun: all})
	saw("applied", either(applied.Name, err))
	saw("deleted", client.Delete(ctx, "dry", metav1.DeleteOptions{DryRun: all}))
	saw("deleted all", client.DeleteCollection(ctx, metav1.DeleteOptions{DryRun: all}, metav1.ListOptions{LabelSelector: "of=dry"}))
	_, err = client.Create(ctx, configMap("dry", "dry", "1"), metav1.CreateOptions{DryRun: []string{"Some"}})
	saw("created in some other way", err)
	list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "of=dry"})
	if err != nil {
		return err
	}
	saw("left as it was", map[string]any{"items": len(list.Items), "data": list.Items[0].Data})
	return nil
}
