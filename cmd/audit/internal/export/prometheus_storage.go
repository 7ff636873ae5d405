package export

import (
	"strconv"

	"example.com/bee/pkg/inventory"
)

func (m *metrics) drives(list []inventory.Drive) {
	for i := range list {
		d := &list[i]
		id := component1(d.ID)
		m.info("bee_drive_info", "One drive.", id, label{"device", d.Device}, label{"protocol", string(d.Protocol)}, label{"vendor", d.Vendor}, label{"model", d.Model}, label{"serial", d.SerialNumber}, label{"firmware", d.Firmware}, label{"wwn", d.WWN})
		opt(m, "bee_drive_size_bytes", "Capacity.", d.SizeBytes, id)
		h := d.Health
		if h == nil {
			continue
		}
		m.health("drive", d.ID, h.Status)
		opt(m, "bee_drive_temperature_celsius", "Temperature.", h.TempCelsius, id)
		ratio(m, "bee_drive_endurance_used_ratio", "Endurance used up; it may pass 1.", h.PercentageUsed, id)
		ratio(m, "bee_drive_available_spare_ratio", "Spare capacity left.", h.AvailableSparePercent, id)
		if h.PowerOnHours != nil {
			m.counter("bee_drive_power_on_seconds_total", "Time under power.", float64(*h.PowerOnHours)*3600, id)
		}
		count(m, "bee_drive_power_cycles_total", "Power cycles.", h.PowerCycles, id)
		count(m, "bee_drive_unsafe_shutdowns_total", "Times power went without notice.", h.UnsafeShutdowns, id)
		count(m, "bee_drive_media_errors_total", "Errors of the medium.", h.MediaErrors, id)
		count(m, "bee_drive_interface_crc_errors_total", "Checksum errors on the cable.", h.InterfaceCRCErrors, id)
		opt(m, "bee_drive_reallocated_sectors", "Sectors replaced by spares.", h.ReallocatedSectors, id)
		opt(m, "bee_drive_pending_sectors", "Sectors waiting to be replaced.", h.PendingSectors, id)
		opt(m, "bee_drive_uncorrectable_sectors", "Sectors that cannot be read.", h.UncorrectableSectors, id)
		opt(m, "bee_drive_grown_defects", "Defects found since manufacture.", h.GrownDefects, id)
		decimal(m, "bee_drive_read_bytes_total", "Bytes read by the host.", h.BytesRead, id)
		decimal(m, "bee_drive_written_bytes_total", "Bytes written by the host.", h.BytesWritten, id)
	}
}

func ratio(m *metrics, name, help string, percent *uint32, labels ...label) {
	if percent != nil {
		m.gauge(name, help, float64(*percent)/100, labels...)
	}
}

// decimal adds a counter that the report holds as digits.
func decimal(m *metrics, name, help string, d inventory.Decimal, labels ...label) {
	if v, err := strconv.ParseFloat(string(d), 64); err == nil && v >= 0 {
		m.counter(name, help, v, labels...)
	}
}

func (m *metrics) volumes(r *inventory.Report) {
	for i := range r.StorageControllers {
		c := &r.StorageControllers[i]
		m.info("bee_storage_controller_info", "One storage controller.", component1(c.ID), label{"address", c.PCIAddress}, label{"driver", c.Driver}, label{"model", c.Model}, label{"serial", c.SerialNumber}, label{"firmware", c.Firmware}, label{"battery", c.BatteryState})
		m.health("storage_controller", c.ID, c.Health)
	}
	for i := range r.LogicalDrives {
		l := &r.LogicalDrives[i]
		m.info("bee_logical_drive_info", "One volume of a RAID controller.", component1(l.ID), label{"device", l.Device}, label{"name", l.Name}, label{"level", l.Level}, label{"status", l.State})
		opt(m, "bee_logical_drive_size_bytes", "Capacity.", l.SizeBytes, component1(l.ID))
		m.health("logical_drive", l.ID, l.Health)
	}
}
