package main

import (
	"cmp"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// echoPorts are the ports of the echo servers, by what they speak.
type echoPorts struct{ plain, http2, tcp, tls int32 }

func (e *echoPorts) parse(text string) error {
	_, err := fmt.Sscanf(text, "%d,%d,%d,%d", &e.plain, &e.http2, &e.tcp, &e.tls)
	return err
}

// of tells which echo server speaks the protocol of a Service's port.
func (e echoPorts) of(port corev1.ServicePort) int32 {
	protocol := port.Name
	if port.AppProtocol != nil {
		protocol = strings.TrimPrefix(*port.AppProtocol, "kubernetes.io/")
	}
	for _, known := range []struct {
		prefix string
		port   int32
	}{
		{"https", e.tls},
		{"grpc", e.http2}, {"h2c", e.http2}, {"http2", e.http2},
		{"tcp", e.tcp}, {"postgres", e.tcp}, {"mysql", e.tcp}, {"redis", e.tcp},
	} {
		if strings.HasPrefix(strings.ToLower(protocol), known.prefix) {
			return known.port
		}
	}
	return e.plain
}

// external tells which echo server stands in for a port outside the cluster.
func (e echoPorts) external(port uint32, tls bool) uint32 {
	if tls || port == 443 || port == 8443 {
		return uint32(e.tls)
	}
	return uint32(e.plain)
}

// withoutEndpoints tells whether the annotation `<any prefix>/no-endpoints` takes a Service's endpoints away.
func withoutEndpoints(service *corev1.Service) bool {
	for key := range service.Annotations {
		if strings.HasSuffix(key, "/no-endpoints") {
			return true
		}
	}
	return false
}

// addEndpoints completes the k-th Service as the API server would. Its j-th port gets the endpoint 127.<network>.k.j.
func (c *cluster) addEndpoints(k int, service *corev1.Service) {
	spec := &service.Spec
	spec.Type = cmp.Or(spec.Type, corev1.ServiceTypeClusterIP)
	if spec.Type != corev1.ServiceTypeExternalName {
		spec.ClusterIP = cmp.Or(spec.ClusterIP, fmt.Sprintf("10.96.%d.%d", k/250, k%250+1))
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
	for j := range spec.Ports {
		port := &spec.Ports[j]
		port.Protocol = cmp.Or(port.Protocol, corev1.ProtocolTCP)
		port.TargetPort = cmp.Or(port.TargetPort, intstr.FromInt32(port.Port))
		if port.Protocol != corev1.ProtocolTCP || spec.Type == corev1.ServiceTypeExternalName || withoutEndpoints(service) {
			continue
		}
		number, ready := c.echo.of(*port), true
		address := fmt.Sprintf("127.%d.%d.%d", c.network, k, j+1)
		c.services[address] = fmt.Sprintf("%s/%s:%d", service.Namespace, service.Name, port.Port)
		slice := &discoveryv1.EndpointSlice{
			ObjectMeta: metav1.ObjectMeta{
				Name: fmt.Sprintf("%s-%d", service.Name, j), Namespace: service.Namespace,
				Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
			},
			AddressType: discoveryv1.AddressTypeIPv4,
			Ports:       []discoveryv1.EndpointPort{{Name: &port.Name, Port: &number, Protocol: &port.Protocol, AppProtocol: port.AppProtocol}},
			Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{address}, Conditions: discoveryv1.EndpointConditions{Ready: &ready}}},
		}
		c.kubernetes["EndpointSlice "+slice.Namespace+"/"+slice.Name] = slice
	}
}
