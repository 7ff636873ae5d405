package storage

import (
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// megaraid asks a drive behind a MegaRAID controller: the controller of the
// drive, and through it the drive itself.
func (q *query) megaraid(ctx context.Context, h *host.Host) (done bool) {
	b := q.unit.behind
	q.node = megaraidNode
	dev := q.open(ctx, h, host.MegaRAID)
	if dev == nil {
		return false
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	q.node = fmt.Sprintf("%s host %d drive %d", megaraidNode, b.host, b.pd.DeviceID)
	c := megaraid.NewClient(dev, b.host)
	var pd *megaraid.PD
	if !tell(q, "state", func() (*megaraid.PD, error) { return c.PhysicalDrive(ctx, b.pd.DeviceID) }, func(v *megaraid.PD) { pd = v }) {
		return false
	}
	sat := false
	if pd != nil {
		applyPD(&q.drive, pd)
		sat = pd.Interface.String() == "sata"
	}
	drive := c.Drive(b.pd.DeviceID)
	if pd == nil || pd.Interface.String() == "" && pd.Inquiry == nil {
		if !tell(q, "model", func() (*scsi.Inquiry, error) { return scsi.NewClient(drive).Inquiry(ctx) }, func(i *scsi.Inquiry) { sat = i.Vendor == ataVendor }) {
			return false
		}
	}
	if sat {
		q.drive.Protocol, q.drive.Transport = inventory.ProtocolSATA, "sas"
		return q.ata(ctx, drive)
	}
	return q.scsi(ctx, drive)
}
