package main

import (
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	clusters "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"

	"istio.io/istio/pilot/pkg/util/protoconv"
	xdstypes "istio.io/istio/pilot/pkg/xds/v3"
)

// meshOnly are the extensions that only Istio's own build of Envoy has. They carry telemetry and
// metadata between sidecars and decide nothing about a request.
var meshOnly = []string{
	"type.googleapis.com/io.istio.http.peer_metadata.Config",
	"type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange",
	"type.googleapis.com/envoy.extensions.network_filters.peer_metadata.Config",
	"type.googleapis.com/envoy.extensions.network_filters.peer_metadata.UpstreamConfig",
	"type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
	"type.googleapis.com/stats.PluginConfig",
}

// A relay stands between istiod and Envoy: it adapts the configuration to this machine and notes
// what Envoy answers.
type relay struct {
	discovery.AggregatedDiscoveryServiceServer // istiod
	server                                     *grpc.Server
	network                                    int
	echo                                       echoPorts

	mu        sync.Mutex
	ports     map[string]int    // listener name: port of the gateway's pod
	services  map[string]string // address: "namespace/service:port" or "external/host:port"
	externals map[string]string // "external/host:port": address
	pending   map[string]bool   // nonces that Envoy has not answered
	nacks     []event
}

// serveXDS serves istiod's configuration on a socket in dir.
func serveXDS(i *istiod, c *cluster, dir string) (*relay, error) {
	socket, err := net.Listen("unix", filepath.Join(dir, "xds.sock"))
	if err != nil {
		return nil, err
	}
	r := &relay{
		AggregatedDiscoveryServiceServer: i.Discovery,
		server:                           grpc.NewServer(),
		ports:                            map[string]int{},
		services:                         maps.Clone(c.services),
		externals:                        map[string]string{},
		network:                          c.network,
		echo:                             c.echo,
		pending:                          map[string]bool{},
	}
	discovery.RegisterAggregatedDiscoveryServiceServer(r.server, r)
	go func() { _ = r.server.Serve(socket) }()
	return r, nil
}

// StreamAggregatedResources joins Envoy's stream to istiod.
func (r *relay) StreamAggregatedResources(s discovery.AggregatedDiscoveryService_StreamAggregatedResourcesServer) error {
	return r.AggregatedDiscoveryServiceServer.StreamAggregatedResources(relayStream{s, r})
}

type relayStream struct {
	discovery.AggregatedDiscoveryService_StreamAggregatedResourcesServer
	relay *relay
}

func (s relayStream) Send(response *discovery.DiscoveryResponse) error {
	response, err := s.relay.adapt(response)
	if err != nil {
		return err
	}
	return s.AggregatedDiscoveryService_StreamAggregatedResourcesServer.Send(response)
}

func (s relayStream) Recv() (*discovery.DiscoveryRequest, error) {
	request, err := s.AggregatedDiscoveryService_StreamAggregatedResourcesServer.Recv()
	if err == nil {
		s.relay.note(request)
	}
	return request, err
}

// note keeps what Envoy says about an earlier response.
func (r *relay) note(request *discovery.DiscoveryRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.pending, request.ResponseNonce)
	if request.ErrorDetail != nil {
		kind := request.TypeUrl[strings.LastIndex(request.TypeUrl, ".")+1:]
		r.nacks = append(r.nacks, event{Event: "nack", Type: kind, Message: request.ErrorDetail.Message})
	}
}

// answers tells whether Envoy has answered everything sent to it, and what it refused.
func (r *relay) answers() (complete bool, nacks []event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending) == 0, slices.Clone(r.nacks)
}

// addresses turns local ports by listener into the same by the port of the gateway's pod, and
// tells what is behind the addresses of the upstreams.
func (r *relay) addresses(listening map[string]int) (podPorts map[int]int, services map[string]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	podPorts = map[int]int{}
	for name, local := range listening {
		podPorts[r.ports[name]] = local
	}
	return podPorts, maps.Clone(r.services)
}

func (r *relay) adapt(response *discovery.DiscoveryResponse) (*discovery.DiscoveryResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending[response.Nonce] = true
	if response.TypeUrl != xdstypes.ListenerType && response.TypeUrl != xdstypes.ClusterType {
		return response, nil
	}
	response = proto.CloneOf(response) // the original is in istiod's cache
	for i, resource := range response.Resources {
		message, err := resource.UnmarshalNew()
		switch m := message.(type) {
		case *listener.Listener:
			r.adaptListener(m)
		case *clusters.Cluster:
			r.adaptCluster(m)
		default:
			return nil, fmt.Errorf("%s: %v", resource.TypeUrl, err)
		}
		response.Resources[i] = protoconv.MessageToAny(message)
	}
	return response, nil
}

// adaptListener has Envoy choose a free port.
func (r *relay) adaptListener(l *listener.Listener) {
	if address := l.GetAddress().GetSocketAddress(); address != nil {
		r.ports[l.Name] = int(address.GetPortValue())
		address.Address = "127.0.0.1"
		address.PortSpecifier = &core.SocketAddress_PortValue{PortValue: 0}
	}
	l.AdditionalAddresses = nil
	chains := l.FilterChains
	if l.DefaultFilterChain != nil {
		chains = append(slices.Clone(chains), l.DefaultFilterChain)
	}
	for _, chain := range chains {
		adaptSecrets(chain.TransportSocket)
		chain.Filters = withoutMeshOnly(chain.Filters)
		for _, filter := range chain.Filters {
			manager := &hcm.HttpConnectionManager{}
			if filter.GetTypedConfig().UnmarshalTo(manager) == nil {
				manager.HttpFilters = withoutMeshOnly(manager.HttpFilters)
				filter.ConfigType = &listener.Filter_TypedConfig{TypedConfig: protoconv.MessageToAny(manager)}
			}
		}
	}
}

// adaptCluster directs hosts outside the cluster, which istiod leaves to DNS, to the echo servers.
func (r *relay) adaptCluster(c *clusters.Cluster) {
	c.Filters = withoutMeshOnly(c.Filters)
	adaptSecrets(c.TransportSocket)
	for _, match := range c.TransportSocketMatches {
		adaptSecrets(match.TransportSocket)
	}
	if c.GetType() != clusters.Cluster_STRICT_DNS && c.GetType() != clusters.Cluster_LOGICAL_DNS {
		return
	}
	c.DnsLookupFamily = clusters.Cluster_V4_ONLY
	for _, locality := range c.GetLoadAssignment().GetEndpoints() {
		for _, endpoint := range locality.LbEndpoints {
			address := endpoint.GetEndpoint().GetAddress().GetSocketAddress()
			if address == nil || net.ParseIP(address.Address) != nil || strings.HasSuffix(address.Address, ".svc."+clusterDomain) {
				continue
			}
			name := fmt.Sprintf("external/%s:%d", address.Address, address.GetPortValue())
			if r.externals[name] == "" {
				r.externals[name] = fmt.Sprintf("127.%d.255.%d", r.network, len(r.externals)+1)
				r.services[r.externals[name]] = name
			}
			port := r.echo.external(address.GetPortValue(), c.TransportSocket != nil)
			address.Address = r.externals[name]
			address.PortSpecifier = &core.SocketAddress_PortValue{PortValue: port}
		}
	}
}

// withoutMeshOnly drops the filters that upstream Envoy does not have.
func withoutMeshOnly[F interface{ GetTypedConfig() *anypb.Any }](filters []F) []F {
	return slices.DeleteFunc(filters, func(f F) bool {
		url := f.GetTypedConfig().GetTypeUrl()
		if strings.HasSuffix(url, ".TypedStruct") {
			message, _ := f.GetTypedConfig().UnmarshalNew()
			if typed, ok := message.(interface{ GetTypeUrl() string }); ok {
				url = typed.GetTypeUrl()
			}
		}
		return slices.Contains(meshOnly, url)
	})
}

// adaptSecrets has Envoy take the workload's certificate from its bootstrap, and wait one second,
// not 15, for a secret that does not exist.
func adaptSecrets(socket *core.TransportSocket) {
	message, _ := socket.GetTypedConfig().UnmarshalNew()
	context, ok := message.(interface{ GetCommonTlsContext() *tls.CommonTlsContext })
	if !ok {
		return
	}
	common := context.GetCommonTlsContext()
	for _, secret := range append(slices.Clone(common.GetTlsCertificateSdsSecretConfigs()),
		common.GetValidationContextSdsSecretConfig(), common.GetCombinedValidationContext().GetValidationContextSdsSecretConfig()) {
		switch {
		case secret.GetName() == "default", secret.GetName() == "ROOTCA":
			secret.SdsConfig = nil
		case secret.GetSdsConfig() != nil:
			secret.SdsConfig.InitialFetchTimeout = durationpb.New(time.Second)
		}
	}
	socket.ConfigType = &core.TransportSocket_TypedConfig{TypedConfig: protoconv.MessageToAny(message)}
}
