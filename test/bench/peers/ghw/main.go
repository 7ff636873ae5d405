// Ghw prints what jaypipes/ghw knows of the machine, as one JSON document: a
// peer of the audit in the benchmark.
//
// It asks ghw.Host first, as its documentation says; where that gives nothing
// (one part that cannot be read costs all of them), it asks part by part, and
// ghw is scored on that.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/jaypipes/ghw"
)

func main() {
	whole, err := ghw.Host()
	if err == nil {
		show(whole)
		return
	}
	fmt.Fprintln(os.Stderr, "ghw.Host:", err)
	parts, errs := map[string]any{}, []error{}
	keep(parts, &errs, "block")(wrap(ghw.Block()))
	keep(parts, &errs, "cpu")(wrap(ghw.CPU()))
	keep(parts, &errs, "memory")(wrap(ghw.Memory()))
	keep(parts, &errs, "network")(wrap(ghw.Network()))
	keep(parts, &errs, "pci")(wrap(ghw.PCI()))
	keep(parts, &errs, "bios")(wrap(ghw.BIOS()))
	keep(parts, &errs, "baseboard")(wrap(ghw.Baseboard()))
	keep(parts, &errs, "chassis")(wrap(ghw.Chassis()))
	keep(parts, &errs, "product")(wrap(ghw.Product()))
	for _, e := range errs {
		fmt.Fprintln(os.Stderr, e)
	}
	show(parts)
	if len(parts) == 0 {
		os.Exit(1)
	}
}

func wrap[T any](v *T, err error) (any, error) {
	if err == nil && v == nil {
		err = errors.New("nothing")
	}
	return v, err
}

func keep(parts map[string]any, errs *[]error, name string) func(any, error) {
	return func(v any, err error) {
		if err != nil {
			*errs = append(*errs, fmt.Errorf("ghw %s: %w", name, err))
			return
		}
		parts[name] = v
	}
}

func show(v any) {
	if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
