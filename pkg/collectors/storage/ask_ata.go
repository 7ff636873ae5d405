package storage

import (
	"context"
	"errors"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

// ata asks an ATA drive behind a SCSI/ATA translation.
func (q *query) ata(ctx context.Context, dev device.Device) (done bool) {
	c := ata.NewClient(dev)
	mode, err := c.PowerMode(ctx)
	switch {
	case err == nil && mode.Sleeping():
		// Reading attributes or logs would spin it up.
		q.health().PowerMode = mode.String()
		q.source("ata " + q.node)
		return true
	case err != nil && !errors.Is(err, errors.ErrUnsupported):
		q.fail("health", err)
		if !answered(err) {
			return false
		}
	}
	var id *ata.Identify
	if !tell(q, "firmware", func() (*ata.Identify, error) { return c.Identify(ctx) }, func(v *ata.Identify) {
		id = v
		applyIdentify(&q.drive, v)
	}) {
		return false
	}
	if id == nil {
		return true
	}
	q.source("ata " + q.node)
	more := true
	if id.SMARTEnabled {
		more = q.smart(ctx, c)
	}
	return more && q.ataLogs(ctx, c, id)
}

func (q *query) smart(ctx context.Context, c ata.Client) (more bool) {
	if !tell(q, "health", func() (ata.Verdict, error) { return c.SMARTVerdict(ctx) }, func(v ata.Verdict) {
		q.health().SelfAssessment = string(v)
	}) {
		return false
	}
	var data *ata.SMARTData
	if !tell(q, "health", func() (*ata.SMARTData, error) { return c.SMARTData(ctx) }, func(v *ata.SMARTData) { data = v }) || data == nil {
		return data == nil
	}
	var limits *ata.Thresholds
	more = tell(q, "health", func() (*ata.Thresholds, error) { return c.SMARTThresholds(ctx) }, func(v *ata.Thresholds) { limits = v })
	applySMART(q.health(), &q.drive, data, limits)
	return more
}

// ataLogs reads self-tests and statistics, where the drive says it has them.
func (q *query) ataLogs(ctx context.Context, c ata.Client, id *ata.Identify) (more bool) {
	var dir *ata.LogDirectory
	if id.GPL && !tell(q, "health", func() (*ata.LogDirectory, error) { return c.LogDirectory(ctx) }, func(v *ata.LogDirectory) { dir = v }) {
		return false
	}
	if dir != nil && dir.Pages(ata.LogDeviceStatistics) > 0 {
		list, err := c.Statistics(ctx)
		applyStatistics(q.health(), &q.drive, list)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			q.fail("health", err)
		}
		if !answered(err) {
			return false
		}
	}
	if !id.SelfTest || !id.SMARTEnabled {
		return true
	}
	read := c.SelfTests
	if dir != nil && dir.Pages(ata.LogExtSelfTest) == 1 { // on more pages the newest need not be on the first
		read = c.ExtSelfTests
	}
	return tell(q, "health", func() ([]ata.SelfTest, error) { return read(ctx) }, func(v []ata.SelfTest) {
		q.health().SelfTests = ataSelfTests(v)
	})
}

// confirmSAT says whether a translation answers behind a SCSI device: by the
// page that holds the drive's IDENTIFY data. To a USB bridge without one an ATA
// command may mean anything.
func (q *query) confirmSAT(ctx context.Context, c scsi.Client) (is, more bool) {
	page, err := c.VPD(ctx, scsi.VPDATAInformation)
	if err != nil {
		return false, answered(err)
	}
	info, err := scsi.DecodeATAInformation(page)
	if err != nil {
		return false, true
	}
	id, err := ata.DecodeIdentify(info.Identify)
	return err == nil && !id.Packet, true
}
