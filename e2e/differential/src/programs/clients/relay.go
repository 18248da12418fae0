package main

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"k8s.io/client-go/rest"
)

// relay stands between a client and the API server, where connections can be cut.
type relay struct {
	target string

	mutex    sync.Mutex
	listener net.Listener
	open     []net.Conn
}

// throughRelay is the session seen through a relay of its own.
func (s *session) throughRelay() (*relay, *session, error) {
	server, err := url.Parse(s.config.Host)
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	config := rest.CopyConfig(s.config)
	config.Host = "https://" + listener.Addr().String()
	config.TLSClientConfig.ServerName = server.Hostname()
	through, err := sessionWith(config)
	if err != nil {
		listener.Close()
		return nil, nil, err
	}
	made := &relay{target: server.Host, listener: listener}
	go made.serve(listener)
	return made, through, nil
}

func (r *relay) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", r.target)
		if err != nil {
			client.Close()
			continue
		}
		r.mutex.Lock()
		r.open = append(r.open, client, server)
		r.mutex.Unlock()
		go pass(client, server)
		go pass(server, client)
	}
}

func pass(from, to net.Conn) {
	io.Copy(to, from)
	to.Close()
}

// cut ends all connections; new ones are taken.
func (r *relay) cut() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, each := range r.open {
		each.Close()
	}
	r.open = nil
}

// leave refuses connections until back is called, and ends those that there are.
func (r *relay) leave() {
	r.listener.Close()
	r.cut()
}

func (r *relay) back() error {
	listener, err := net.Listen("tcp", r.listener.Addr().String())
	if err != nil {
		return err
	}
	r.listener = listener
	go r.serve(listener)
	return nil
}

// requests are those that a client made, and how they were answered.
type requests struct {
	mutex sync.Mutex
	made  []string
	// change may rewrite a request's query before it is sent.
	change func(query url.Values)
}

// record makes a configuration write down its requests.
func (r *requests) record(config *rest.Config) *rest.Config {
	recorded := rest.CopyConfig(config)
	recorded.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			request = request.Clone(request.Context())
			query := request.URL.Query()
			if r.change != nil {
				r.change(query)
				request.URL.RawQuery = query.Encode()
			}
			response, err := next.RoundTrip(request)
			if err == nil {
				r.note(describe(query))
			}
			return response, err
		})
	})
	return recorded
}

func (r *requests) note(line string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.made = append(r.made, line)
}

func (r *requests) seen() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.made)
}

func (r *requests) count(line string) int {
	return len(slices.DeleteFunc(r.seen(), func(each string) bool { return each != line }))
}

// describe is a list or watch with the options that matter; versions that are neither 0 nor 1 are those of the cluster.
func describe(query url.Values) string {
	words := []string{"list"}
	if query.Get("watch") != "" {
		words[0] = "watch"
	}
	for _, name := range []string{"sendInitialEvents", "resourceVersionMatch"} {
		if value := query.Get(name); value != "" {
			words = append(words, name+"="+value)
		}
	}
	switch version := query.Get("resourceVersion"); version {
	case "":
		words = append(words, "newest")
	case "0", "1":
		words = append(words, "from "+version)
	default:
		words = append(words, "from where it was")
	}
	return strings.Join(words, " ")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }
