package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
)

// The gateway, as `istioctl install` deploys it.
const (
	gatewayName      = "istio-ingressgateway"
	gatewayNamespace = "istio-system"
	gatewayAddress   = "10.66.0.1"
	clusterDomain    = "cluster.local"
)

var gatewayLabels = map[string]string{"istio": "ingressgateway", "app": gatewayName}

// A cluster is what istiod gets to see.
type cluster struct {
	emit       func(event)
	mesh       *meshconfig.MeshConfig
	istio      []config.Config
	kubernetes map[string]runtime.Object // by "Kind namespace/name"
	network    int                       // upstreams have the addresses 127.<network>.k.j
	echo       echoPorts
	podPort    map[int]int       // the gateway's ports: in its Service, in its pods
	services   map[string]string // endpoint address: "namespace/service:port"
	refused    int
}

// readCluster reads and validates the objects of a request.
func readCluster(r request, echo echoPorts, emit func(event)) (*cluster, error) {
	c := &cluster{
		emit: emit, mesh: mesh.DefaultMeshConfig(), kubernetes: map[string]runtime.Object{},
		network: cmp.Or(r.Network, 77), echo: echo,
		podPort: map[int]int{80: 8080, 443: 8443}, services: map[string]string{},
	}
	if r.Mesh != "" {
		text, err := os.ReadFile(r.Mesh)
		if err == nil {
			c.mesh, err = mesh.ApplyMeshConfig(string(text), c.mesh)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Mesh, err)
		}
	}
	var services []*corev1.Service
	for _, file := range r.Kubernetes {
		if err := readObjects(file, func(u *unstructured.Unstructured) error { return c.addKubernetes(u, &services) }); err != nil {
			return nil, err
		}
	}
	for _, file := range r.Istio {
		if err := readObjects(file, c.addIstio); err != nil {
			return nil, err
		}
	}
	if c.refused > 0 {
		return nil, fmt.Errorf("%d object(s) refused by Istio's validation", c.refused)
	}
	slices.SortStableFunc(services, func(a, b *corev1.Service) int {
		return cmp.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	for k, service := range services {
		c.addEndpoints(k+1, service)
	}
	c.addGateway()
	return c, nil
}

// readObjects calls use for each object of a YAML or JSON file. As with `kubectl apply`, lists are
// taken apart; a key that is there twice is an error.
func readObjects(path string, use func(*unstructured.Unstructured) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for documents := kubeyaml.NewYAMLReader(bufio.NewReader(file)); ; {
		document, err := documents.Read()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			document, err = yaml.YAMLToJSONStrict(document)
		}
		if text := string(document); err == nil && text != "null" && text != "{}" {
			u := &unstructured.Unstructured{}
			if err = u.UnmarshalJSON(document); err == nil && u.IsList() {
				err = u.EachListItem(func(o runtime.Object) error { return use(o.(*unstructured.Unstructured)) })
			} else if err == nil {
				err = use(u)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}

// identify names an object as events do, and puts it into a namespace.
func (c *cluster) identify(u *unstructured.Unstructured) string {
	u.SetNamespace(cmp.Or(u.GetNamespace(), metav1.NamespaceDefault))
	c.addNamespace(u.GetNamespace())
	return fmt.Sprintf("%s %s/%s", u.GetKind(), u.GetNamespace(), u.GetName())
}

func (c *cluster) addNamespace(name string) {
	if key := "Namespace " + name; c.kubernetes[key] == nil {
		c.kubernetes[key] = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}}}
	}
}

// addKubernetes adds a Service, Secret or Namespace and passes over all else; of two with the same name the first counts.
func (c *cluster) addKubernetes(u *unstructured.Unstructured, services *[]*corev1.Service) error {
	var object runtime.Object
	switch u.GroupVersionKind().GroupKind().String() {
	case "Service":
		object = &corev1.Service{}
	case "Secret":
		object = &corev1.Secret{}
	case "Namespace":
		object = &corev1.Namespace{}
	default:
		return nil
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, object); err != nil {
		return fmt.Errorf("%s %s: %w", u.GetKind(), u.GetName(), err)
	}
	if namespace, ok := object.(*corev1.Namespace); ok {
		c.kubernetes["Namespace "+namespace.Name] = namespace
		return nil
	}
	key := c.identify(u)
	if c.kubernetes[key] != nil {
		return nil
	}
	c.kubernetes[key] = object
	switch object := object.(type) {
	case *corev1.Service:
		object.Namespace = u.GetNamespace()
		*services = append(*services, object)
	case *corev1.Secret:
		object.Namespace = u.GetNamespace()
		object.Type = cmp.Or(object.Type, corev1.SecretTypeOpaque)
		for name, value := range object.StringData {
			if object.Data == nil {
				object.Data = map[string][]byte{}
			}
			object.Data[name] = []byte(value)
		}
	}
	return nil
}

// addGateway adds the gateway's Service, with every port that a Gateway names, and its pod.
func (c *cluster) addGateway() {
	meta := metav1.ObjectMeta{Name: gatewayName, Namespace: gatewayNamespace, Labels: gatewayLabels}
	service := &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeLoadBalancer, ClusterIP: "10.97.0.1", ClusterIPs: []string{"10.97.0.1"}, Selector: gatewayLabels,
	}}
	names := map[int]string{80: "http2", 443: "https"}
	for _, port := range slices.Sorted(maps.Keys(c.podPort)) {
		service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{
			Name: cmp.Or(names[port], fmt.Sprintf("port-%d", port)), Protocol: corev1.ProtocolTCP,
			Port: int32(port), TargetPort: intstr.FromInt(c.podPort[port]),
		})
	}
	meta.Name += "-0"
	c.kubernetes["Service "+gatewayNamespace+"/"+gatewayName] = service
	c.kubernetes["Pod "+meta.Name] = &corev1.Pod{
		ObjectMeta: meta,
		Spec:       corev1.PodSpec{ServiceAccountName: gatewayName, NodeName: "node"},
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, PodIP: gatewayAddress, PodIPs: []corev1.PodIP{{IP: gatewayAddress}},
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		},
	}
	c.kubernetes["Node node"] = &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node"}}
	c.addNamespace(gatewayNamespace)
	c.addNamespace(metav1.NamespaceDefault)
}

// servicePorts turns what is known by the ports of the pod into the same by those of the Service.
func (c *cluster) servicePorts(byPodPort map[int]int) map[string]int {
	ports := map[string]int{}
	for port, podPort := range c.podPort {
		if n, ok := byPodPort[podPort]; ok {
			ports[strconv.Itoa(port)] = n
		}
	}
	return ports
}
