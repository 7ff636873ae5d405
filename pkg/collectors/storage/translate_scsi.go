package storage

import (
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func applyCharacteristics(d *inventory.Drive, b *scsi.BlockCharacteristics) {
	if b.RotationRPM != nil {
		d.RotationRPM = new(*b.RotationRPM)
	}
	set(&d.FormFactor, b.FormFactor)
}

func applyInquiry(d *inventory.Drive, q *scsi.Inquiry) {
	set(&d.Vendor, q.Vendor)
	set(&d.Model, q.Product)
	set(&d.Firmware, q.Revision)
}

func applyReadCapacity(d *inventory.Drive, c *scsi.Capacity) {
	if n, ok := c.SizeBytes(); ok && n > 0 {
		d.SizeBytes = &n
	}
	if c.BlockBytes > 0 {
		d.LogicalBlockBytes = new(c.BlockBytes)
	}
	if c.PhysicalBytes > 0 {
		d.PhysicalBlockBytes = new(c.PhysicalBytes)
	}
}

func scsiSelfTests(list []scsi.SelfTest) []inventory.SelfTest {
	tests := make([]inventory.SelfTest, 0, len(list))
	for _, t := range list {
		s := inventory.SelfTest{Type: t.Type.String(), Result: t.Result.String(), PowerOnHours: new(uint64(t.PowerOnHours))}
		if t.FailingLBA != nil {
			s.FailingLBA = decimal(*t.FailingLBA)
		}
		tests = append(tests, s)
	}
	return tests
}

func errorCounter(c *scsi.ErrorCounters) inventory.ErrorCounter {
	e := inventory.ErrorCounter{
		CorrectedFast: c.CorrectedFast, CorrectedDelayed: c.CorrectedDelayed, Retries: c.Retries,
		TotalCorrected: c.TotalCorrected, Uncorrected: c.Uncorrected,
	}
	if c.BytesProcessed != nil {
		e.BytesProcessed = decimal(*c.BytesProcessed)
	}
	return e
}

func backgroundScan(s *scsi.BackgroundScan) *inventory.BackgroundScan {
	return &inventory.BackgroundScan{
		Status:          s.Status.String(),
		ScansPerformed:  new(uint32(s.ScansPerformed)),
		ProgressPercent: new(s.ProgressPercent),
		MediumErrors:    new(uint32(s.FoundCount)),
	}
}

// applyExceptions translates what the drive would warn of. 5Dh is a predicted
// failure, 0Bh a warning (SPC-5 annex F).
func applyExceptions(h *inventory.DriveHealth, e *scsi.Exceptions) {
	h.SelfAssessment = "passed"
	if e.Celsius != nil && h.TempCelsius == nil {
		h.TempCelsius = e.Celsius
	}
	if !e.Warns() {
		return
	}
	if e.ASC == 0x5D {
		h.SelfAssessment = "failed"
	}
	h.CriticalWarnings = append(h.CriticalWarnings, senseName(e.ASC, e.ASCQ))
}
