// Command gateway runs Istio ingress gateways on one machine, for tests: istiod's own validation
// and translation of the objects of some YAML files, and for each gateway an Envoy that is fed by
// it. It takes requests as JSON lines from stdin and answers with events as JSON lines on stdout;
// README.md describes both.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"conformance/gateway/internal/stdout"
	"istio.io/istio/pkg/log"
)

// A request asks for one gateway, or for its end.
type request struct {
	ID         string   `json:"id"`
	Istio      []string `json:"istio"`      // files with the Istio objects
	Kubernetes []string `json:"kubernetes"` // files with Services, Secrets and Namespaces
	Mesh       string   `json:"mesh"`       // file with a MeshConfig
	Network    int      `json:"network"`    // second number of the addresses 127.n.k.j of its upstreams
	Stop       bool     `json:"stop"`
}

// An event says what became of a request.
type event struct {
	Event    string            `json:"event"`
	ID       string            `json:"id,omitempty"`
	Object   string            `json:"object,omitempty"`
	Type     string            `json:"type,omitempty"`
	Message  string            `json:"message,omitempty"`
	Ports    map[string]int    `json:"ports,omitzero"`
	Services map[string]string `json:"services,omitzero"`
	Dir      string            `json:"dir,omitempty"`
}

// tool holds what all gateways share.
type tool struct {
	envoy        string
	echo         echoPorts
	readyTimeout time.Duration
	mu           sync.Mutex // guards stdout
}

func (t *tool) print(e event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_ = json.NewEncoder(stdout.File).Encode(e)
}

func main() {
	t := tool{echo: echoPorts{plain: 18080, http2: 18081, tcp: 18090, tls: 18443}}
	level := log.NoneLevel
	flag.StringVar(&t.envoy, "envoy", "envoy", "Envoy `binary`")
	flag.Func("echo", "`ports` of the echo servers: HTTP/1.1, HTTP/2, TCP, TLS", t.echo.parse)
	flag.DurationVar(&t.readyTimeout, "ready-timeout", 20*time.Second, "how long to wait for Envoy")
	flag.BoolFunc("v", "log istiod's warnings on stderr", func(string) error {
		level = log.WarnLevel
		return nil
	})
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	logs := log.DefaultOptions()
	logs.OutputPaths = []string{"stderr"}
	logs.SetDefaultOutputLevel(log.OverrideScopeName, level)
	_ = log.Configure(logs)

	signal.Ignore(syscall.SIGPIPE) // should the reader of the events go away, stdin closes, too
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	t.serve(ctx, os.Stdin)
}

// serve carries out the requests read from in, side by side, until in or ctx ends.
func (t *tool) serve(ctx context.Context, in io.Reader) {
	var gateways sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		stops := map[string]context.CancelFunc{}
		for requests := json.NewDecoder(in); ctx.Err() == nil; {
			var r request
			if err := requests.Decode(&r); err != nil {
				if err != io.EOF {
					t.print(event{Event: "failed", Message: "stdin: " + err.Error()})
				}
				return
			}
			if r.Stop {
				if stop := stops[r.ID]; stop != nil {
					stop()
					delete(stops, r.ID)
				}
				continue
			}
			ctx, stop := context.WithCancel(ctx)
			stops[r.ID] = stop
			gateways.Go(func() {
				defer stop()
				last := event{Event: "stopped", ID: r.ID}
				if err := t.run(ctx, r); err != nil {
					last.Event, last.Message = "failed", err.Error()
				}
				t.print(last)
			})
		}
	}()
	<-ctx.Done()
	gateways.Wait()
}

// run carries out one request: a gateway that lasts until ctx ends.
func (t *tool) run(ctx context.Context, r request) error {
	emit := func(e event) {
		e.ID = r.ID
		t.print(e)
	}
	c, err := readCluster(r, t.echo, emit)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gateway-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return c.withIstiod(func(i *istiod) error {
		relay, err := serveXDS(i, c, dir)
		if err != nil {
			return err
		}
		defer relay.server.Stop()
		envoy, err := startEnvoy(t.envoy, dir, c.mesh)
		if err != nil {
			return err
		}
		defer envoy.stop()
		ready, err := envoy.wait(ctx, relay, t.readyTimeout)
		if err != nil || ctx.Err() != nil {
			return err
		}
		i.reportStatus(emit)
		if _, nacks := relay.answers(); len(nacks) > 0 {
			for _, nack := range nacks {
				emit(nack)
			}
			return errors.New("Envoy refused the configuration")
		}
		if !ready {
			emit(event{Event: "warning", Object: "Envoy", Message: fmt.Sprintf("not ready after %v: a listener or a cluster is warming", t.readyTimeout)})
		}
		listening, err := envoy.listeners()
		if err != nil {
			return err
		}
		podPorts, services := relay.addresses(listening)
		emit(event{Event: "ready", Ports: c.servicePorts(podPorts), Services: services, Dir: dir})
		select {
		case <-ctx.Done():
			return nil
		case <-envoy.exited:
			return envoy.failure()
		}
	})
}
