package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/manifests"
	kubecrd "istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
)

// crdValidator checks objects as the API server does, with Istio's CustomResourceDefinitions.
var crdValidator = sync.OnceValues(func() (*crd.Validator, error) {
	text, err := manifests.FS.ReadFile("charts/base/files/crd-all.gen.yaml")
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "crds-*.yaml")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if _, err := file.Write(text); err != nil {
		return nil, err
	}
	return newValidator(file.Name())
})

// addIstio adds an Istio object unless the CRD's schema and rules or Istio's webhook refuse it.
func (c *cluster) addIstio(u *unstructured.Unstructured) error {
	key := c.identify(u)
	refuse := func(reason string, err error) {
		c.refused++
		c.emit(event{Event: "refused", Object: key, Message: fmt.Sprintf("%s: %v", reason, err)})
	}
	kind := config.FromKubernetesGVK(u.GroupVersionKind())
	schema, ok := collections.All.FindByGroupVersionAliasesKind(kind)
	if !ok {
		refuse("unknown kind", fmt.Errorf("%v", kind))
		return nil
	}
	validator, err := crdValidator()
	if err != nil {
		return err
	}
	if err := validator.ValidateCustomResource(u.DeepCopy()); err != nil {
		refuse("CRD schema", err)
	}
	var object *config.Config
	raw := &kubecrd.IstioKind{}
	text, err := u.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(text, raw)
	}
	if err == nil {
		object, err = kubecrd.ConvertObject(schema, raw, clusterDomain)
	}
	if err != nil {
		refuse("Istio's API", err)
		return nil
	}
	warning, err := schema.ValidateConfig(*object)
	if warning != nil {
		c.emit(event{Event: "warning", Object: key, Message: warning.Error()})
	}
	if err != nil {
		refuse("Istio's validation", err)
	}
	if slices.ContainsFunc(c.istio, func(other config.Config) bool { return other.Key() == object.Key() }) {
		refuse("input", errors.New("the object is there twice"))
	}
	if object.CreationTimestamp.IsZero() { // as if applied within one second: istiod then orders by name
		object.CreationTimestamp = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if gateway, ok := object.Spec.(*networking.Gateway); ok {
		for _, server := range gateway.Servers {
			if n := int(server.GetPort().GetNumber()); n != 0 {
				c.podPort[n] = cmp.Or(c.podPort[n], n)
			}
		}
	}
	c.istio = append(c.istio, *object)
	return nil
}
