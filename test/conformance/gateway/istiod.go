package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"

	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/security"
	"istio.io/istio/pkg/test"
)

const gatewayIdentity = "spiffe://" + clusterDomain + "/ns/" + gatewayNamespace + "/sa/" + gatewayName

// Envoy comes without TLS.
func init() { security.AuthPlaintext = true }

// An istiod is a control plane over the objects of one cluster.
type istiod struct{ *xds.FakeDiscoveryServer }

// istiodStart lets one istiod start at a time: that touches variables of Istio's packages.
var istiodStart sync.Mutex

// withIstiod starts istiod, calls use, and takes istiod down when use has returned.
func (c *cluster) withIstiod(use func(*istiod) error) error {
	var useErr error
	err := test.Wrap(func(t test.Failer) {
		useErr = use(c.startIstiod(t))
	})
	if err != nil {
		err = fmt.Errorf("istiod: %w", err)
	}
	return errors.Join(useErr, err)
}

func (c *cluster) startIstiod(t test.Failer) *istiod {
	istiodStart.Lock()
	defer istiodStart.Unlock()
	krt.GlobalDebugHandler = new(krt.DebugHandler) // the old one holds all that earlier istiods had
	c.mesh.AccessLogFile = "access.log"            // in Envoy's folder
	var objects []runtime.Object
	for _, key := range slices.Sorted(maps.Keys(c.kubernetes)) {
		objects = append(objects, c.kubernetes[key])
	}
	i := &istiod{xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		KubernetesObjects:          objects,
		Configs:                    c.istio,
		MeshConfig:                 c.mesh,
		DisableSecretAuthorization: true,
	})}
	i.Discovery.Authenticators = []security.Authenticator{gatewayAuthenticator{}}
	return i
}

// gatewayAuthenticator takes every client for the gateway.
type gatewayAuthenticator struct{}

func (gatewayAuthenticator) AuthenticatorType() string { return "gateway" }

func (gatewayAuthenticator) Authenticate(security.AuthContext) (*security.Caller, error) {
	return &security.Caller{Identities: []string{gatewayIdentity}}, nil
}

// reportStatus prints what istiod found wrong while translating (conflicts, unknown clusters, ...).
func (i *istiod) reportStatus(emit func(event)) {
	var status map[string]map[string]struct{ Message string }
	text, err := i.PushContext().StatusJSON()
	if err == nil {
		err = json.Unmarshal(text, &status)
	}
	if err != nil {
		emit(event{Event: "warning", Object: "istiod", Message: err.Error()})
	}
	for _, problem := range slices.Sorted(maps.Keys(status)) {
		for _, object := range slices.Sorted(maps.Keys(status[problem])) {
			if !strings.Contains(object, gatewayName) { // whose Service has no endpoints here
				emit(event{Event: "warning", Type: problem, Object: object, Message: status[problem][object].Message})
			}
		}
	}
}
