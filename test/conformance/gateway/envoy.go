package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/util/protomarshal"
	"istio.io/istio/security/pkg/pki/util"
)

//go:embed bootstrap.yaml.tmpl
var bootstrapText string

var bootstrap = template.Must(template.New("").Parse(bootstrapText))

// writeBootstrap writes Envoy's own configuration, and the certificate of its workload.
func writeBootstrap(dir string, mesh *meshconfig.MeshConfig) error {
	certificate, key, err := util.GenCertKeyFromOptions(util.CertOptions{
		Host: gatewayIdentity, IsSelfSigned: true, IsServer: true, IsClient: true, TTL: 24 * time.Hour, ECSigAlg: util.EcdsaSigAlg,
	})
	if err != nil {
		return err
	}
	proxyConfig, err := protomarshal.ToJSON(mesh.GetDefaultConfig())
	if err != nil {
		return err
	}
	metadata, err := json.Marshal(map[string]any{
		"CLUSTER_ID": "Kubernetes", "MESH_ID": clusterDomain, "ISTIO_VERSION": istioVersion,
		"NAMESPACE": gatewayNamespace, "NAME": gatewayName + "-0", "WORKLOAD_NAME": gatewayName, "SERVICE_ACCOUNT": gatewayName,
		"LABELS": gatewayLabels, "INSTANCE_IPS": gatewayAddress, "UNPRIVILEGED_POD": "false",
		"OWNER":        "kubernetes://apis/apps/v1/namespaces/" + gatewayNamespace + "/deployments/" + gatewayName,
		"PROXY_CONFIG": json.RawMessage(proxyConfig),
	})
	if err != nil {
		return err
	}
	var config strings.Builder
	err = bootstrap.Execute(&config, map[string]string{
		"Address": gatewayAddress, "Name": gatewayName, "Namespace": gatewayNamespace,
		"Domain": clusterDomain, "Metadata": string(metadata),
	})
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "workload.crt"), certificate, 0o644),
		os.WriteFile(filepath.Join(dir, "workload.key"), key, 0o600),
		os.WriteFile(filepath.Join(dir, "bootstrap.yaml"), []byte(config.String()), 0o644))
}

// An envoy is a running Envoy.
type envoy struct {
	exited  chan struct{}
	log     string
	process *os.Process
	admin   *http.Client
}

// startEnvoy starts Envoy in dir, where its files are. Envoy dies with this process, whatever ends it.
func startEnvoy(binary, dir string, mesh *meshconfig.MeshConfig) (*envoy, error) {
	if err := writeBootstrap(dir, mesh); err != nil {
		return nil, err
	}
	e := &envoy{
		exited: make(chan struct{}),
		log:    filepath.Join(dir, "envoy.log"),
		admin: &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(dir, "admin.sock"))
			},
		}},
	}
	output, err := os.Create(e.log)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command := exec.Command(binary, "-c", "bootstrap.yaml", "--disable-hot-restart",
		"--concurrency", "1", "--log-level", "warning", "--file-flush-interval-msec", "50")
	command.Dir, command.Stdout, command.Stderr = dir, output, output
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal comes when the thread ends that started Envoy
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			_ = command.Wait()
			close(e.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	e.process = command.Process
	return e, nil
}

func (e *envoy) stop() {
	_ = e.process.Kill()
	<-e.exited
	e.admin.CloseIdleConnections()
}

// failure is the error for an Envoy that has exited.
func (e *envoy) failure() error {
	text, _ := os.ReadFile(e.log)
	return fmt.Errorf("Envoy exited: %s", text[max(0, len(text)-4000):])
}

// get asks Envoy's admin interface.
func (e *envoy) get(path string) ([]byte, error) {
	response, err := e.admin.Get("http://envoy" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	return body, err
}

// wait waits until Envoy is ready and has answered all configuration, or the time is over, or ctx. An
// Envoy that has refused something may never become ready: it has one more second.
func (e *envoy) wait(ctx context.Context, r *relay, limit time.Duration) (ready bool, err error) {
	deadline := time.Now().Add(limit)
	for refused := false; time.Now().Before(deadline); {
		_, err := e.get("/ready")
		complete, nacks := r.answers()
		if err == nil && complete {
			return true, nil
		}
		if len(nacks) > 0 && !refused {
			refused, deadline = true, time.Now().Add(min(limit, time.Second))
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-e.exited:
			return false, e.failure()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return false, nil
}

// listeners tells the local port of each active listener.
func (e *envoy) listeners() (map[string]int, error) {
	body, err := e.get("/listeners")
	ports := map[string]int{}
	for line := range strings.Lines(string(body)) {
		name, address, _ := strings.Cut(strings.TrimSpace(line), "::")
		if _, port, err := net.SplitHostPort(address); err == nil {
			ports[name], _ = strconv.Atoi(port)
		}
	}
	return ports, err
}
