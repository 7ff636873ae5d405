package pcie

import (
	"fmt"

	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// translateAER takes the kernel's counters since boot.
func (f *function) translateAER(a *sysfs.Attrs) {
	var e inventory.AER
	found := false
	for _, c := range [...]struct {
		name string
		into **uint64
	}{
		{"aer_dev_correctable", &e.Correctable},
		{"aer_dev_nonfatal", &e.Nonfatal},
		{"aer_dev_fatal", &e.Fatal},
	} {
		text := a.Bytes(c.name, "aer")
		if len(text) == 0 {
			continue
		}
		counters, err := decodeAER(text)
		if err != nil {
			a.Fail(c.name, "aer", err)
			continue
		}
		found = true
		*c.into = new(counters.total)
		for kind, n := range counters.kinds {
			addKind(&e, kind, n)
		}
	}
	// What a root port was told of by those below it.
	for _, name := range [...]string{"aer_rootport_total_err_cor", "aer_rootport_total_err_nonfatal", "aer_rootport_total_err_fatal"} {
		if n := a.Uint(name, "aer", 10, 64); n != nil && *n > 0 {
			found = true
			addKind(&e, name, *n)
		}
	}
	if found {
		f.dev.AER = &e
	}
}

// addKind counts under the kernel's name for the error. An uncorrectable one
// has the same name whether it was fatal or not; the sums tell these apart.
func addKind(e *inventory.AER, kind string, n uint64) {
	if e.Kinds == nil {
		e.Kinds = map[string]uint64{}
	}
	e.Kinds[kind] += n
}

// translateVFs takes the state of SR-IOV.
func (f *function) translateVFs(a *sysfs.Attrs) {
	v := inventory.VirtualFunctions{
		Total:   f.count(a, "sriov_totalvfs"),
		Enabled: f.count(a, "sriov_numvfs"),
	}
	if f.conf != nil && f.conf.SRIOV != nil {
		v.Total = first(v.Total, &f.conf.SRIOV.TotalVFs)
		if f.conf.SRIOV.Enabled {
			v.Enabled = first(v.Enabled, &f.conf.SRIOV.NumVFs)
		} else {
			v.Enabled = first(v.Enabled, new(0))
		}
	}
	if v.Total != nil || v.Enabled != nil {
		f.dev.VFs = &v
	}
}

func (f *function) count(a *sysfs.Attrs, name string) *int {
	n := a.Int(name, "virtual_functions")
	if n != nil && *n < 0 {
		a.Fail(name, "virtual_functions", fmt.Errorf("%d: %w", *n, inventory.ErrMalformed))
		return nil
	}
	return n
}
