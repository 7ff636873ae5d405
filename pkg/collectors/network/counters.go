package network

import (
	"context"
	"path"

	"example.com/bee/pkg/inventory"
)

// counters reads struct rtnl_link_stats64, one file for each.
func (b *builder) counters(ctx context.Context) {
	c := &inventory.NICCounters{}
	wide := []struct {
		name string
		to   *inventory.Decimal
	}{
		{"rx_packets", &c.RxPackets}, {"tx_packets", &c.TxPackets}, {"rx_bytes", &c.RxBytes}, {"tx_bytes", &c.TxBytes},
	}
	narrow := []struct {
		name string
		to   **uint64
	}{
		{"rx_errors", &c.RxErrors},
		{"tx_errors", &c.TxErrors},
		{"rx_dropped", &c.RxDropped},
		{"tx_dropped", &c.TxDropped},
		{"rx_crc_errors", &c.RxCRCErrors},
		{"rx_frame_errors", &c.RxFrameErrors},
		{"rx_length_errors", &c.RxLengthErrors},
		{"rx_over_errors", &c.RxOverErrors},
		{"rx_fifo_errors", &c.RxFIFOErrors},
		{"rx_missed_errors", &c.RxMissedErrors},
		{"tx_carrier_errors", &c.TxCarrierErrors},
		{"tx_aborted_errors", &c.TxAbortedErrors},
		{"tx_fifo_errors", &c.TxFIFOErrors},
		{"collisions", &c.Collisions},
	}
	names := make([]string, 0, len(wide)+len(narrow))
	for _, f := range wide {
		names = append(names, f.name)
	}
	for _, f := range narrow {
		names = append(names, f.name)
	}
	a := b.attrs(ctx, path.Join(b.in.dir, "statistics"), names...)
	said := false
	for _, f := range wide {
		if v := a.Uint(f.name, "counters."+f.name, 10, 64); v != nil {
			*f.to, said = inventory.Decimal(decimal(*v)), true
		}
	}
	for _, f := range narrow {
		if v := a.Uint(f.name, "counters."+f.name, 10, 64); v != nil {
			*f.to, said = v, true
		}
	}
	if said {
		b.nic.Counters = c
	}
	b.errs = append(b.errs, a.Err())
}
