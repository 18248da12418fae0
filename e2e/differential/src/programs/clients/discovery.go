package main

import (
	"context"
	"net/url"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/openapi3"
	"k8s.io/client-go/restmapper"
)

// wellKnown are resources whose discovery is compared; a small cluster has fewer kinds, but these like any other.
var wellKnown = map[string][]string{
	"v1":                              {"configmaps", "endpoints", "events", "namespaces", "nodes", "pods", "pods/eviction", "pods/log", "pods/status", "secrets", "serviceaccounts", "serviceaccounts/token", "services"},
	"apps/v1":                         {"controllerrevisions", "daemonsets", "deployments", "deployments/scale", "deployments/status", "replicasets", "statefulsets"},
	"batch/v1":                        {"cronjobs", "jobs"},
	"coordination.k8s.io/v1":          {"leases"},
	"discovery.k8s.io/v1":             {"endpointslices"},
	"policy/v1":                       {"poddisruptionbudgets"},
	"admissionregistration.k8s.io/v1": {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"},
	"apiextensions.k8s.io/v1":         {"customresourcedefinitions"},
}

func seeDiscovery(_ context.Context, s *session) error {
	var made requests
	recorded, err := discovery.NewDiscoveryClientForConfig(made.record(s.config))
	if err != nil {
		return err
	}
	_, lists, err := recorded.ServerGroupsAndResources()
	if err != nil {
		return err
	}
	saw("requests for all groups", len(made.seen()))
	slices.SortFunc(lists, func(one, other *metav1.APIResourceList) int {
		return strings.Compare(one.GroupVersion, other.GroupVersion)
	})
	for _, list := range lists {
		slices.SortFunc(list.APIResources, func(one, other metav1.APIResource) int {
			return strings.Compare(one.Name, other.Name)
		})
		for _, resource := range list.APIResources {
			if slices.Contains(wellKnown[list.GroupVersion], resource.Name) {
				saw(list.GroupVersion+" "+resource.Name, describeResource(resource))
			}
		}
	}
	legacy, err := s.typed.Discovery().WithLegacy().ServerResourcesForGroupVersion("coordination.k8s.io/v1")
	saw("one group on its own", either(described(legacy), err))
	_, err = s.typed.Discovery().ServerResourcesForGroupVersion("nothing.dev/v1")
	saw("a group that there is not", err)
	preferred, err := s.typed.Discovery().ServerPreferredNamespacedResources()
	saw("preferred versions are served", either(len(preferred) > 5, err))
	return s.seeMapping()
}

func described(list *metav1.APIResourceList) any {
	if list == nil {
		return nil
	}
	shown := map[string]any{}
	for _, resource := range list.APIResources {
		if !strings.Contains(resource.Name, "leasecandidates") {
			shown[resource.Name] = describeResource(resource)
		}
	}
	return shown
}

func describeResource(resource metav1.APIResource) map[string]any {
	verbs := slices.Clone(resource.Verbs)
	slices.Sort(verbs)
	return map[string]any{
		"kind": resource.Kind, "group": resource.Group, "version": resource.Version, "verbs": verbs, "namespaced": resource.Namespaced,
		"singular": resource.SingularName, "short": resource.ShortNames, "categories": resource.Categories,
	}
}

// seeMapping finds kinds by what people call them.
func (s *session) seeMapping() error {
	cached := memory.NewMemCacheClient(s.typed.Discovery())
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(cached), cached, nil)
	for _, name := range []string{"deploy", "po", "svc", "configmap", "leases", "eps", "nonsense"} {
		kind, err := mapper.KindFor(schema.GroupVersionResource{Resource: name})
		saw("the kind of "+name, either(kind.String(), err))
	}
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "StatefulSet"})
	if err != nil {
		return err
	}
	saw("the resource of StatefulSet", mapping.Resource.String()+" "+string(mapping.Scope.Name()))
	return nil
}

func seeOpenAPI(_ context.Context, s *session) error {
	client := s.typed.Discovery().OpenAPIV3()
	paths, err := client.Paths()
	if err != nil {
		return err
	}
	for _, path := range []string{"api/v1", "apis/apps/v1", "apis/batch/v1", "apis/coordination.k8s.io/v1", "apis/nothing.dev/v1"} {
		version, served := paths[path]
		hashed := false
		if served {
			address, err := url.Parse(version.ServerRelativeURL())
			hashed = err == nil && address.Query().Get("hash") != ""
		}
		saw(path, map[string]any{"served": served, "hash": hashed})
	}
	document, err := openapi3.NewRoot(client).GVSpec(schema.GroupVersion{Group: "apps", Version: "v1"})
	if err != nil {
		return err
	}
	for _, name := range []string{"io.k8s.api.apps.v1.DeploymentSpec", "io.k8s.api.core.v1.Container", "io.k8s.api.core.v1.ContainerPort"} {
		schema := document.Components.Schemas[name]
		if schema == nil {
			saw(name, nil)
			continue
		}
		properties := []string{}
		for property := range schema.Properties {
			properties = append(properties, property)
		}
		slices.Sort(properties)
		saw(name, map[string]any{"properties": properties, "required": schema.Required, "type": schema.Type})
	}
	deployment := document.Components.Schemas["io.k8s.api.apps.v1.Deployment"]
	saw("which kind a schema is of", deployment != nil && deployment.Extensions["x-kubernetes-group-version-kind"] != nil)
	ports := document.Components.Schemas["io.k8s.api.core.v1.Container"]
	if ports != nil {
		list := ports.Properties["ports"]
		saw("how lists are merged", map[string]any{
			"key": list.Extensions["x-kubernetes-patch-merge-key"], "keys": list.Extensions["x-kubernetes-list-map-keys"],
			"strategy": list.Extensions["x-kubernetes-patch-strategy"], "type": list.Extensions["x-kubernetes-list-type"],
		})
	}
	return nil
}
