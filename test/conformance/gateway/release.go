//go:build !istio20260423

package main

import "istio.io/istio/pkg/config/crd"

// istioVersion is the release that the proxies say they are of.
const istioVersion = "1.32.0"

// newValidator reads the definitions of a file, and takes them to be right.
func newValidator(file string) (*crd.Validator, error) {
	return crd.NewValidatorFromFilesWithOptions([]string{file}, crd.WithoutCRDValidation())
}
