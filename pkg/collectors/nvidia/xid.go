package nvidia

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/kmsg"
	"example.com/bee/pkg/inventory"
)

// addXids gives each GPU the last error that the driver logged for it. A log
// that has wrapped around, or that nobody may see, tells of none.
func addXids(ctx context.Context, h *host.Host, gpus []inventory.GPU) error {
	if !slices.ContainsFunc(gpus, func(g inventory.GPU) bool { return g.PCIAddress != "" }) {
		return nil
	}
	records, err := xidRecords(ctx, h)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	if err != nil {
		return &inventory.PartError{Field: "last_xid", Source: kmsg.Path, Err: err}
	}
	for _, r := range records {
		address, xid, ok := decodeXid(r.Text)
		if !ok {
			continue
		}
		xid.BootSeconds = r.SinceBoot.Seconds()
		for i := range gpus {
			if strings.HasPrefix(gpus[i].PCIAddress, address+".") {
				xid.Logged = map[string]int{}
				if last := gpus[i].LastXid; last != nil {
					xid.Logged = last.Logged
				}
				xid.Logged[strconv.FormatUint(uint64(xid.Code), 10)]++
				gpus[i].LastXid = new(xid)
			}
		}
	}
	return nil
}

func xidRecords(ctx context.Context, h *host.Host) ([]kmsg.Record, error) {
	d, err := h.Open(ctx, host.KernelLog, kmsg.Path)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // nothing was written
	return kmsg.Find(ctx, d, xidText)
}
