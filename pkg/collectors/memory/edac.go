package memory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const edacDir = "/sys/devices/system/edac/mc"

// readEDAC reads the memory controllers' error counters (kernel:
// Documentation/ABI/testing/sysfs-devices-edac). Newer kernels show one
// directory per module (dimmN, or rankN), older ones per chip-select row with
// its channels (csrowN/chM_*); where both are there they count the same errors.
func readEDAC(ctx context.Context, h *host.Host, m *inventory.Memory) error {
	names, err := h.ReadDir(ctx, edacDir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return &inventory.PartError{ComponentID: "memory", Field: "controllers", Source: edacDir, Err: sysfs.Cause(err)}
	}
	var errs []error
	for _, n := range numbered(names, "mc") {
		c, err := readController(ctx, h, n)
		errs = append(errs, err)
		m.Controllers = append(m.Controllers, *c)
	}
	if len(m.Controllers) > 0 {
		m.Sources = append(m.Sources, edacDir)
	}
	return errors.Join(errs...)
}

// numbered keeps the names made of prefix and digits, in the order of their
// numbers.
func numbered(names []string, prefix string) []string {
	var kept []string
	for _, n := range names {
		if d, ok := strings.CutPrefix(n, prefix); ok && d != "" && strings.Trim(d, "0123456789") == "" {
			kept = append(kept, n)
		}
	}
	slices.SortFunc(kept, inventory.CompareNatural)
	return kept
}

func readController(ctx context.Context, h *host.Host, n string) (*inventory.MemoryController, error) {
	dir := path.Join(edacDir, n)
	c := &inventory.MemoryController{Meta: inventory.Meta{ID: "memory_controller:" + n, ParentID: "memory", Sources: []string{dir}}}
	a := sysfs.Read(ctx, h, c.ID, dir, "mc_name", "size_mb", "ce_count", "ue_count", "ce_noinfo_count", "ue_noinfo_count")
	c.Name = a.Text("mc_name", "name")
	if mb := a.Uint("size_mb", "size_bytes", 10, 40); mb != nil {
		c.SizeBytes = new(*mb << 20)
	}
	c.CorrectedErrors = a.Uint("ce_count", "corrected_errors", 10, 64)
	c.UncorrectedErrors = a.Uint("ue_count", "uncorrected_errors", 10, 64)
	c.CorrectedNoInfo = a.Uint("ce_noinfo_count", "corrected_no_info", 10, 64)
	c.UncorrectedNoInfo = a.Uint("ue_noinfo_count", "uncorrected_no_info", 10, 64)
	errs := []error{a.Err()}

	names, err := h.ReadDir(ctx, dir)
	if err != nil {
		errs = append(errs, &inventory.PartError{ComponentID: c.ID, Field: "modules", Source: dir, Err: sysfs.Cause(err)})
	}
	modules := append(numbered(names, "dimm"), numbered(names, "rank")...)
	for _, d := range modules {
		e, err := readModule(ctx, h, c.ID, dir, d)
		c.Modules = append(c.Modules, e)
		errs = append(errs, err)
	}
	if len(modules) == 0 {
		for _, row := range numbered(names, "csrow") {
			rows, err := readRow(ctx, h, c.ID, dir, row)
			c.Modules = append(c.Modules, rows...)
			errs = append(errs, err)
		}
	}
	return c, errors.Join(errs...)
}

func readModule(ctx context.Context, h *host.Host, id, dir, name string) (inventory.EDACModule, error) {
	a := sysfs.Read(ctx, h, id, path.Join(dir, name), "dimm_label", "dimm_location", "size", "dimm_ce_count", "dimm_ue_count")
	e := inventory.EDACModule{
		Name:              name,
		Label:             a.Text("dimm_label", "modules"),
		Location:          a.Text("dimm_location", "modules"),
		CorrectedErrors:   a.Uint("dimm_ce_count", "corrected_errors", 10, 64),
		UncorrectedErrors: a.Uint("dimm_ue_count", "uncorrected_errors", 10, 64),
	}
	if mb := a.Uint("size", "modules", 10, 40); mb != nil {
		e.SizeBytes = new(*mb << 20)
	}
	return e, a.Err()
}

// maxChannels is above EDAC's own limit (kernel: drivers/edac/edac_mc_sysfs.c).
const maxChannels = 12

// readRow reads a chip-select row. Corrected errors are counted per channel;
// an uncorrected one takes the whole row, so it can be told to a module only
// when the row has a single channel.
func readRow(ctx context.Context, h *host.Host, id, dir, row string) ([]inventory.EDACModule, error) {
	names := []string{"ce_count", "ue_count", "size_mb"}
	for ch := range maxChannels {
		names = append(names, fmt.Sprintf("ch%d_dimm_label", ch), fmt.Sprintf("ch%d_ce_count", ch))
	}
	a := sysfs.Read(ctx, h, id, path.Join(dir, row), names...)
	ue := a.Uint("ue_count", "uncorrected_errors", 10, 64)
	var all []inventory.EDACModule
	for ch := range maxChannels {
		label, ce := fmt.Sprintf("ch%d_dimm_label", ch), fmt.Sprintf("ch%d_ce_count", ch)
		e := inventory.EDACModule{
			Name:            fmt.Sprintf("%s/ch%d", row, ch),
			Label:           a.Text(label, "modules"),
			CorrectedErrors: a.Uint(ce, "corrected_errors", 10, 64),
		}
		if e.Label != "" || e.CorrectedErrors != nil {
			all = append(all, e)
		}
	}
	switch {
	case len(all) == 1:
		all[0].UncorrectedErrors = ue
	case len(all) > 1 && ue != nil && *ue > 0:
		all = append(all, inventory.EDACModule{Name: row, UncorrectedErrors: ue})
	case len(all) == 0:
		all = append(all, inventory.EDACModule{Name: row, CorrectedErrors: a.Uint("ce_count", "corrected_errors", 10, 64), UncorrectedErrors: ue})
	}
	return all, a.Err()
}
