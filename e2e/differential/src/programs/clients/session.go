package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// session is one cluster, one namespace, and where to tell what was seen.
type session struct {
	config    *rest.Config
	namespace string
	typed     kubernetes.Interface
	dynamic   dynamic.Interface
}

func newSession() (*session, error) {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	return sessionWith(config)
}

// sessionWith is the same namespace seen through another configuration.
func sessionWith(config *rest.Config) (*session, error) {
	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	untyped, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return &session{config: config, namespace: os.Getenv("NAMESPACE"), typed: typed, dynamic: untyped}, nil
}

// saw prints one line: what was done, and what came of it.
func saw(did string, value any) {
	if err, ok := value.(error); ok {
		value = refusal(err)
	}
	line, err := json.Marshal(map[string]any{"did": did, "saw": value})
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(line, '\n'))
}

// refusal is an error as the API tells it; one that is not the API's own is told by its sentence.
func refusal(err error) any {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return map[string]any{"error": err.Error()}
	}
	told := status.Status()
	shown := map[string]any{"code": told.Code, "reason": told.Reason, "message": quotes.ReplaceAllString(told.Message, "OBJECT")}
	if told.Details == nil {
		return shown
	}
	causes := []string{}
	for _, cause := range told.Details.Causes {
		causes = append(causes, string(cause.Type)+" "+cause.Field)
	}
	shown["causes"] = causes
	return shown
}

// quotes are whole objects in messages, whose fields come in another order from each server.
var quotes = regexp.MustCompile(`"\{.*\}"`)

// either is the error where there is one, else the value.
func either(value any, err error) any {
	if err != nil {
		return err
	}
	return value
}

func (s *session) configMaps() typedcorev1.ConfigMapInterface {
	return s.typed.CoreV1().ConfigMaps(s.namespace)
}

// put creates a ConfigMap with one key and the label `of`.
func (s *session) put(ctx context.Context, name, of, value string) error {
	_, err := s.configMaps().Create(ctx, configMap(name, of, value), metav1.CreateOptions{})
	return err
}

func configMap(name, of, value string) *corev1.ConfigMap {
	meta := metav1.ObjectMeta{Name: name, Labels: map[string]string{"of": of}}
	return &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"key": value}}
}

// until waits for a condition; the deadline of the whole program is its own.
func until(ctx context.Context, met func() bool) error {
	return wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(context.Context) (bool, error) {
		return met(), nil
	})
}
