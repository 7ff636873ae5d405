package storage

import (
	"slices"
	"strconv"

	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/inventory"
)

// applyController lets the controller's own words win over the kernel's copy,
// which is as old as the last reset.
func applyController(d *inventory.Drive, c *nvme.Controller) {
	set(&d.Model, c.ModelNumber)
	set(&d.SerialNumber, c.SerialNumber)
	set(&d.Firmware, c.FirmwareRevision)
	if d.SubsystemNQN == "" {
		d.SubsystemNQN = c.SubsystemNQN
	}
}

// applyCapacity prefers the controller's total to the sum of its namespaces.
func applyCapacity(d *inventory.Drive, c *nvme.Controller) {
	if c.TotalCapacity == nil {
		return
	}
	if n, ok := c.TotalCapacity.Uint64(); ok && n > 0 {
		d.SizeBytes = &n
	}
}

func limits(h *inventory.DriveHealth, c *nvme.Controller) {
	if c.WarningTempKelvin != nil {
		h.TempWarningCelsius = new(nvme.Celsius(*c.WarningTempKelvin))
	}
	if c.CriticalTempKelvin != nil {
		h.TempCriticalCelsius = new(nvme.Celsius(*c.CriticalTempKelvin))
	}
}

// nvmeHealth translates the SMART / Health log.
func nvmeHealth(s *nvme.SMARTLog) *inventory.DriveHealth {
	h := &inventory.DriveHealth{
		SelfAssessment:                 "passed",
		CriticalWarnings:               s.CriticalWarning.Names(),
		TempCelsius:                    s.TempCelsius,
		PowerOnHours:                   counter(s.PowerOnHours),
		PowerCycles:                    counter(s.PowerCycles),
		PercentageUsed:                 new(uint32(s.PercentageUsed)),
		AvailableSparePercent:          percent(s.AvailableSparePercent),
		AvailableSpareThresholdPercent: percent(s.SpareThresholdPercent),
		MediaErrors:                    counter(s.MediaErrors),
		UnsafeShutdowns:                counter(s.UnsafeShutdowns),
		ErrorLogEntries:                counter(s.ErrorLogEntries),
		BytesRead:                      dataUnits(s.DataUnitsRead),
		BytesWritten:                   dataUnits(s.DataUnitsWritten),
		WarningTempMinutes:             new(uint64(s.WarningTempMinutes)),
		CriticalTempMinutes:            new(uint64(s.CriticalTempMinutes)),
	}
	if s.CriticalWarning != 0 {
		h.SelfAssessment = "failed"
	}
	for _, t := range s.Sensors {
		if h.TempSensorsCelsius == nil {
			h.TempSensorsCelsius = map[string]int{}
		}
		h.TempSensorsCelsius[strconv.Itoa(t.Number)] = t.TempCelsius
	}
	return h
}

func counter(u nvme.Uint128) *uint64 {
	n, ok := u.Uint64()
	if !ok {
		return nil
	}
	return &n
}

func percent(p *uint8) *uint32 {
	if p == nil {
		return nil
	}
	return new(uint32(*p))
}

func dataUnits(u nvme.Uint128) inventory.Decimal {
	n, ok := u.Mul(nvme.DataUnitBytes)
	if !ok {
		return ""
	}
	return inventory.Decimal(n.String())
}

func firmwareSlots(l *nvme.FirmwareLog) map[string]string {
	slots := map[string]string{}
	for i, rev := range l.Revisions {
		if rev = known(rev); rev != "" {
			slots[strconv.Itoa(i+1)] = rev
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return slots
}

func nvmeSelfTests(l *nvme.SelfTestLog) []inventory.SelfTest {
	var tests []inventory.SelfTest
	if l.Running != nvme.SelfTestNone {
		tests = append(tests, inventory.SelfTest{Type: l.Running.String(), Result: "in_progress"})
	}
	for _, t := range l.Results {
		s := inventory.SelfTest{Type: t.Type.String(), Result: t.Result.String(), PowerOnHours: new(t.PowerOnHours)}
		if t.FailingLBA != nil {
			s.FailingLBA = decimal(*t.FailingLBA)
		}
		tests = append(tests, s)
	}
	return tests
}

// applyNamespace adds what the drive says of a namespace to what the kernel
// does; one the kernel made no device for is new.
func applyNamespace(d *inventory.Drive, id uint32, n *nvme.NamespaceInfo) {
	i := slices.IndexFunc(d.Namespaces, func(ns inventory.Namespace) bool { return ns.NSID == id })
	if i < 0 {
		i = len(d.Namespaces)
		d.Namespaces = append(d.Namespaces, inventory.Namespace{NSID: id})
	}
	ns := &d.Namespaces[i]
	if size, ok := n.SizeBytes(); ok {
		ns.SizeBytes = &size
	}
	if used, ok := n.UsedBytes(); ok {
		ns.UsedBytes = &used
	}
	if n.BlockBytes != nil {
		ns.BlockBytes = new(*n.BlockBytes)
	}
	set(&ns.EUI64, n.EUI64)
	set(&ns.NGUID, n.NGUID)
}
