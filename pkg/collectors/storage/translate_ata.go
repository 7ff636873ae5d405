package storage

import (
	"strconv"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/inventory"
)

// applyIdentify lets the drive's own IDENTIFY data win over what a translation
// made of it.
func applyIdentify(d *inventory.Drive, id *ata.Identify) {
	set(&d.Model, id.Model)
	set(&d.SerialNumber, id.SerialNumber)
	set(&d.Firmware, id.Firmware)
	set(&d.WWN, id.WWN)
	set(&d.FormFactor, id.FormFactor)
	// What the kernel can use counts: a bridge may show other blocks.
	if n, ok := id.SizeBytes(); ok && n > 0 && d.SizeBytes == nil {
		d.SizeBytes = &n
	}
	if id.LogicalBlockBytes > 0 && d.LogicalBlockBytes == nil {
		d.LogicalBlockBytes = new(id.LogicalBlockBytes)
	}
	if id.PhysicalBlockBytes > 0 && d.PhysicalBlockBytes == nil {
		d.PhysicalBlockBytes = new(id.PhysicalBlockBytes)
	}
	if id.RotationRPM != nil {
		d.RotationRPM = new(*id.RotationRPM)
	}
	if id.LinkGbps != nil {
		d.LinkSpeedGbps = new(*id.LinkGbps)
	}
	if id.MaxLinkGbps != nil {
		d.MaxLinkSpeedGbps = new(*id.MaxLinkGbps)
	}
}

// set replaces text by text that says something.
func set(to *string, s string) {
	if s = known(s); s != "" {
		*to = s
	}
}

// applySMART fills health from attributes. Raw values are interpreted only
// where all vendors agree.
func applySMART(h *inventory.DriveHealth, d *inventory.Drive, data *ata.SMARTData, limits *ata.Thresholds) {
	h.TempCelsius = data.TempCelsius()
	h.PowerOnHours = data.PowerOnHours(d.Model, d.Firmware)
	h.PowerCycles = data.Count(12)
	h.ReallocatedSectors = data.Count(5)
	h.PendingSectors = data.Count(197)
	h.UncorrectableSectors = data.Count(198)
	h.InterfaceCRCErrors = data.Count(199)
	solid := d.RotationRPM != nil && *d.RotationRPM == 0
	for _, a := range data.Attributes {
		s := inventory.SMARTAttribute{
			ID: a.ID, Name: ata.AttributeName(a.ID, solid), Value: a.Value, Worst: a.Worst,
			Raw: decimal(a.Raw), PreFail: a.PreFail(),
		}
		if limits != nil {
			s.Threshold, s.WhenFailed = limits.Of(a.ID), limits.Failed(a)
		}
		h.Attributes = append(h.Attributes, s)
	}
}

func decimal(n uint64) inventory.Decimal { return inventory.Decimal(strconv.FormatUint(n, 10)) }

// applyStatistics fills what attributes did not tell from the device
// statistics, whose meaning the standard fixes.
func applyStatistics(h *inventory.DriveHealth, d *inventory.Drive, list []ata.Statistic) {
	at := map[string]int64{}
	for _, s := range list {
		if s.Normalized {
			continue
		}
		if h.Statistics == nil {
			h.Statistics = map[string]inventory.Decimal{}
		}
		at[s.Name] = s.Value
		if s.Value >= 0 {
			h.Statistics[s.Name] = decimal(uint64(s.Value))
		}
	}
	count := func(to **uint64, name string) {
		if v, ok := at[name]; ok && v >= 0 && *to == nil {
			*to = new(uint64(v))
		}
	}
	count(&h.PowerOnHours, "power_on_hours")
	count(&h.PowerCycles, "power_on_resets")
	count(&h.ReallocatedSectors, "reallocated_logical_sectors")
	count(&h.PendingSectors, "pending_errors")
	count(&h.MediaErrors, "reported_uncorrectable")
	count(&h.InterfaceCRCErrors, "interface_crc_errors")
	if v, ok := at["temp_celsius"]; ok && h.TempCelsius == nil {
		h.TempCelsius = new(int(v))
	}
	if v, ok := at["specified_max_celsius"]; ok {
		h.TempWarningCelsius = new(int(v))
	}
	if v, ok := at["percentage_used"]; ok && v >= 0 {
		h.PercentageUsed = new(uint32(v))
	}
	if d.LogicalBlockBytes != nil {
		block := uint64(*d.LogicalBlockBytes)
		for name, to := range map[string]*inventory.Decimal{"logical_sectors_read": &h.BytesRead, "logical_sectors_written": &h.BytesWritten} {
			if v, ok := at[name]; ok && v >= 0 && uint64(v) < 1<<63/block {
				*to = decimal(uint64(v) * block)
			}
		}
	}
}

func ataSelfTests(list []ata.SelfTest) []inventory.SelfTest {
	tests := make([]inventory.SelfTest, 0, len(list))
	for _, t := range list {
		s := inventory.SelfTest{Type: t.Type.String(), Result: t.Status.String(), PowerOnHours: new(uint64(t.PowerOnHours))}
		if t.FailingLBA != nil {
			s.FailingLBA = decimal(*t.FailingLBA)
		}
		tests = append(tests, s)
	}
	return tests
}
