//go:build istio20260423

package main

import "istio.io/istio/pkg/config/crd"

// istioVersion is the release that the proxies say they are of.
const istioVersion = "1.30.0"

// newValidator reads the definitions of a file; istiod of 2026-04-23 has no other way.
func newValidator(file string) (*crd.Validator, error) {
	return crd.NewValidatorFromFiles(file)
}
