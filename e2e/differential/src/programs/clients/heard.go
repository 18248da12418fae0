package main

import (
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/cache"
)

// heard are the calls of an informer's handlers, in their order.
type heard struct {
	mutex sync.Mutex
	calls []string
}

func (h *heard) add(call string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.calls = append(h.calls, call)
}

func (h *heard) seen() []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return slices.Clone(h.calls)
}

func (h *heard) has(call string) bool { return slices.Contains(h.seen(), call) }

func (h *heard) handlers() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(object any, initial bool) {
			call := "add " + object.(*corev1.ConfigMap).Name
			if initial {
				call += " at first"
			}
			h.add(call)
		},
		UpdateFunc: func(before, after any) {
			one, other := before.(*corev1.ConfigMap), after.(*corev1.ConfigMap)
			if one.ResourceVersion == other.ResourceVersion {
				h.add("resync " + other.Name)
			} else {
				h.add("update " + other.Name + " from " + one.Data["key"] + " to " + other.Data["key"])
			}
		},
		DeleteFunc: func(object any) {
			if tombstone, missed := object.(cache.DeletedFinalStateUnknown); missed {
				h.add("delete " + tombstone.Obj.(*corev1.ConfigMap).Name + " that was missed")
			} else {
				h.add("delete " + object.(*corev1.ConfigMap).Name)
			}
		},
	}
}
