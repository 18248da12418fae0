package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
)

type executor func(request *rest.Request) (remotecommand.Executor, error)

// seeExecSpdy wants the Pod `talker`, running.
func seeExecSpdy(ctx context.Context, s *session) error {
	return s.seeExec(ctx, func(request *rest.Request) (remotecommand.Executor, error) {
		return remotecommand.NewSPDYExecutor(s.config, http.MethodPost, request.URL())
	})
}

// seeExecWebSocket wants the Pod `talker`, running.
func seeExecWebSocket(ctx context.Context, s *session) error {
	return s.seeExec(ctx, func(request *rest.Request) (remotecommand.Executor, error) {
		return remotecommand.NewWebSocketExecutor(s.config, http.MethodGet, request.URL().String())
	})
}

func (s *session) seeExec(ctx context.Context, by executor) error {
	commands := []struct {
		container, input string
		tty              bool
		command          []string
	}{
		{container: "talker", command: []string{"sh", "-c", "echo out; echo err >&2"}},
		{container: "talker", command: []string{"sh", "-c", "exit 7"}},
		{container: "quiet", input: "typed", command: []string{"cat"}},
		{container: "quiet", input: strings.Repeat("long ", 60_000), command: []string{"wc", "-c"}},
		{container: "quiet", tty: true, command: []string{"sh", "-c", "test -t 1 && echo terminal"}},
		{container: "nothing", command: []string{"true"}},
	}
	for _, each := range commands {
		executor, err := by(s.typed.CoreV1().RESTClient().Post().Resource("pods").Namespace(s.namespace).Name("talker").SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{
				Container: each.container, Command: each.command, Stdin: each.input != "", Stdout: true, Stderr: !each.tty, TTY: each.tty,
			}, scheme.ParameterCodec))
		if err != nil {
			return err
		}
		var out, errors bytes.Buffer
		options := remotecommand.StreamOptions{Stdout: &out, Stderr: &errors, Tty: each.tty}
		if each.tty {
			options.Stderr = nil
		}
		if each.input != "" {
			options.Stdin = strings.NewReader(each.input)
		}
		err = executor.StreamWithContext(ctx, options)
		saw(strings.Join(each.command, " "), map[string]any{"out": strings.TrimSpace(out.String()), "err": errors.String(), "failure": message(err)})
	}
	return nil
}

type dialing func(request *rest.Request) (httpstream.Dialer, error)

// seeForwardSpdy wants pods of `web`, ready.
func seeForwardSpdy(ctx context.Context, s *session) error {
	return s.seeForward(ctx, func(request *rest.Request) (httpstream.Dialer, error) {
		transport, upgrader, err := spdy.RoundTripperFor(s.config)
		if err != nil {
			return nil, err
		}
		return spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, request.URL()), nil
	})
}

// seeForwardWebSocket wants pods of `web`, ready.
func seeForwardWebSocket(ctx context.Context, s *session) error {
	return s.seeForward(ctx, func(request *rest.Request) (httpstream.Dialer, error) {
		return portforward.NewSPDYOverWebsocketDialer(request.URL(), s.config)
	})
}

func (s *session) seeForward(ctx context.Context, by dialing) error {
	pods, err := s.typed.CoreV1().Pods(s.namespace).List(ctx, metav1.ListOptions{LabelSelector: "app=web"})
	if err != nil {
		return err
	}
	dialer, err := by(s.typed.CoreV1().RESTClient().Post().Resource("pods").Namespace(s.namespace).Name(pods.Items[0].Name).SubResource("portforward"))
	if err != nil {
		return err
	}
	stop, ready := make(chan struct{}), make(chan struct{})
	forwarder, err := portforward.New(dialer, []string{"0:8080"}, stop, ready, io.Discard, io.Discard)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- forwarder.ForwardPorts() }()
	select {
	case err := <-failed:
		saw("forwarded", err)
		return nil
	case <-ready:
	}
	ports, err := forwarder.GetPorts()
	if err != nil {
		return err
	}
	saw("asked at once", askAtOnce(ports[0].Local, 8))
	close(stop)
	saw("ended", either("in peace", <-failed))
	return nil
}

// askAtOnce asks over connections of their own.
func askAtOnce(port uint16, times int) []string {
	answers := make([]string, times)
	var group sync.WaitGroup
	for number := range times {
		group.Go(func() { answers[number] = ask(fmt.Sprintf("http://127.0.0.1:%d/%d", port, number)) })
	}
	group.Wait()
	slices.Sort(answers)
	return answers
}

func ask(url string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(body))
}

// seeLogs wants the Pod `talker`, running.
func seeLogs(ctx context.Context, s *session) error {
	lines := int64(2)
	client := s.typed.CoreV1().Pods(s.namespace)
	whole, err := client.GetLogs("talker", &corev1.PodLogOptions{Container: "talker"}).DoRaw(ctx)
	saw("all", either(string(whole), err))
	tail, err := client.GetLogs("talker", &corev1.PodLogOptions{Container: "talker", TailLines: &lines}).DoRaw(ctx)
	saw("the last two", either(string(tail), err))
	_, err = client.GetLogs("talker", &corev1.PodLogOptions{}).DoRaw(ctx)
	saw("of nobody in particular", err)
	followed, err := client.GetLogs("talker", &corev1.PodLogOptions{Container: "talker", Follow: true, TailLines: &lines}).Stream(ctx)
	if err != nil {
		return err
	}
	defer followed.Close()
	reader := bufio.NewReader(followed)
	for range lines {
		line, err := reader.ReadString('\n')
		saw("followed", either(line, err))
	}
	return nil
}
