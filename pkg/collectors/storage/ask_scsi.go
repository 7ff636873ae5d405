package storage

import (
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// disk asks a drive behind a SCSI device, in the command set sysfs tells.
func (q *query) disk(ctx context.Context, h *host.Host) (done bool) {
	if q.unit.suspended {
		q.health().PowerMode = "suspended"
		return true
	}
	dev := q.open(ctx, h, host.SCSI)
	if dev == nil {
		return false
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	switch q.drive.Protocol {
	case inventory.ProtocolSATA:
		return q.ata(ctx, dev)
	case inventory.ProtocolUSB:
		is, more := q.unit.identified, true
		if !is {
			is, more = q.confirmSAT(ctx, scsi.NewClient(dev))
		}
		if is && more {
			return q.ata(ctx, dev)
		}
		return more
	default:
		return q.scsi(ctx, dev)
	}
}

// scsi asks a SCSI drive.
func (q *query) scsi(ctx context.Context, dev device.Device) (done bool) {
	c := scsi.NewClient(dev)
	sense := &scsi.Sense{}
	if !tell(q, "health", func() (*scsi.Sense, error) { return c.RequestSense(ctx) }, func(v *scsi.Sense) { sense = v }) {
		return false
	}
	q.source("scsi " + q.node)
	if mode := sense.Power(); mode == scsi.PowerStandby || mode == scsi.PowerStopped {
		q.health().PowerMode = string(mode)
		return true
	}
	more := q.scsiIdentity(ctx, c) && q.scsiLogs(ctx, c)
	// A drive without log page 2Fh tells of a failure only here.
	if e := sense.Exceptions(); e != nil && (q.drive.Health == nil || q.drive.Health.SelfAssessment == "") {
		applyExceptions(q.health(), e)
	}
	return more
}

// scsiIdentity asks what sysfs does not tell. INQUIRY is asked in any case:
// the kernel's copy of the firmware revision is as old as its last scan.
func (q *query) scsiIdentity(ctx context.Context, c scsi.Client) (more bool) {
	d := &q.drive
	more = tell(q, "firmware", func() (*scsi.Inquiry, error) { return c.Inquiry(ctx) }, func(v *scsi.Inquiry) { applyInquiry(d, v) })
	if more && d.SerialNumber == "" {
		more = tell(q, "serial_number", func() ([]byte, error) { return c.VPD(ctx, scsi.VPDSerialNumber) }, func(b []byte) {
			if s, err := scsi.DecodeSerialNumber(b); err == nil {
				d.SerialNumber = known(s)
			} else {
				q.fail("serial_number", err)
			}
		})
	}
	if more && d.WWN == "" {
		more = tell(q, "wwn", func() ([]byte, error) { return c.VPD(ctx, scsi.VPDDeviceID) }, func(b []byte) {
			if id, err := scsi.DecodeDeviceID(b); err == nil {
				d.WWN = id.WWN()
			} else {
				q.fail("wwn", err)
			}
		})
	}
	if more && (d.RotationRPM == nil || d.FormFactor == "" && d.Protocol == inventory.ProtocolSAS) {
		more = tell(q, "rotation_rpm", func() ([]byte, error) { return c.VPD(ctx, scsi.VPDBlockCharacteristics) }, func(b []byte) {
			if v, err := scsi.DecodeBlockCharacteristics(b); err == nil {
				applyCharacteristics(d, v)
			} else {
				q.fail("rotation_rpm", err)
			}
		})
	}
	if more && (d.SizeBytes == nil || d.PhysicalBlockBytes == nil) {
		more = tell(q, "size_bytes", func() (*scsi.Capacity, error) { return c.ReadCapacity(ctx) }, func(v *scsi.Capacity) { applyReadCapacity(d, v) })
	}
	return more
}

// scsiLogs reads the log pages the drive lists.
func (q *query) scsiLogs(ctx context.Context, c scsi.Client) (more bool) {
	var pages []uint8
	more = tell(q, "health", func() (*scsi.LogPage, error) { return c.LogPage(ctx, scsi.LogSupported, 0) }, func(l *scsi.LogPage) {
		codes, err := scsi.DecodeSupportedLogs(l)
		if err != nil {
			q.fail("health", err)
			return
		}
		for _, code := range codes {
			if code[1] == 0 {
				pages = append(pages, code[0])
			}
		}
	})
	for _, page := range pages {
		if !more {
			return false
		}
		use := q.logPage(page)
		if use == nil {
			continue
		}
		more = tell(q, "health", func() (*scsi.LogPage, error) { return c.LogPage(ctx, page, 0) }, func(l *scsi.LogPage) {
			if err := use(l); err != nil {
				q.fail("health", err)
			}
		})
	}
	if !more || len(pages) == 0 {
		return more
	}
	return tell(q, "health", func() (*scsi.DefectCount, error) { return c.Defects(ctx, scsi.DefectsGrown) }, func(v *scsi.DefectCount) {
		if v.Grown && v.Count != nil {
			q.health().GrownDefects = new(uint64(*v.Count))
		}
	})
}

// logPage returns what makes health of a log page; nil for a page that says
// nothing of it.
func (q *query) logPage(page uint8) func(*scsi.LogPage) error {
	switch page {
	case scsi.LogWriteErrors:
		return q.counters("write")
	case scsi.LogReadErrors:
		return q.counters("read")
	case scsi.LogVerifyErrors:
		return q.counters("verify")
	case scsi.LogNonMedium:
		return decoded(scsi.DecodeNonMediumErrors, func(n *uint64) { q.health().NonMediumErrors = n })
	case scsi.LogTemperature:
		return decoded(scsi.DecodeTemperature, func(t *scsi.Temperature) {
			q.health().TempCelsius, q.health().TempWarningCelsius = t.Celsius, t.ReferenceCelsius
		})
	case scsi.LogStartStop:
		return decoded(scsi.DecodeStartStop, func(s *scsi.StartStop) {
			if s.Cycles != nil {
				q.health().PowerCycles = new(uint64(*s.Cycles))
			}
		})
	case scsi.LogSelfTest:
		return decoded(scsi.DecodeSelfTests, func(l []scsi.SelfTest) { q.health().SelfTests = scsiSelfTests(l) })
	case scsi.LogSolidState:
		return decoded(scsi.DecodeSolidState, func(p *uint8) { q.health().PercentageUsed = percent(p) })
	case scsi.LogBackgroundScan:
		return decoded(scsi.DecodeBackgroundScan, func(s *scsi.BackgroundScan) {
			q.health().BackgroundScan = backgroundScan(s)
			q.health().PowerOnHours = new(uint64(s.PowerOnMinutes / 60))
		})
	case scsi.LogExceptions:
		return decoded(scsi.DecodeExceptions, func(e *scsi.Exceptions) { applyExceptions(q.health(), e) })
	}
	return nil
}

func (q *query) counters(direction string) func(*scsi.LogPage) error {
	return decoded(scsi.DecodeErrorCounters, func(c *scsi.ErrorCounters) {
		h := q.health()
		if h.ErrorCounters == nil {
			h.ErrorCounters = map[string]inventory.ErrorCounter{}
		}
		h.ErrorCounters[direction] = errorCounter(c)
	})
}

func decoded[T any](decode func(*scsi.LogPage) (T, error), use func(T)) func(*scsi.LogPage) error {
	return func(l *scsi.LogPage) error {
		v, err := decode(l)
		if err == nil {
			use(v)
		}
		return err
	}
}

// senseName is an additional sense code in the standard's words.
func senseName(asc, ascq uint8) string {
	if name := scsi.SenseCodeName(asc, ascq); name != "" {
		return name
	}
	return fmt.Sprintf("unknown_0x%02x%02x", asc, ascq)
}
