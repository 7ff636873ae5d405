package export

import (
	"strings"

	"example.com/bee/pkg/inventory"
)

func cxlCells(d *inventory.CXLDevice) cells {
	c := cells{meta: d.Meta, location: d.Device, address: d.PCIAddress, serial: d.SerialNumber, version: d.Firmware, detail: d.SecurityState}
	if d.VolatileBytes != nil && d.PersistentBytes != nil {
		c.size = new(*d.VolatileBytes + *d.PersistentBytes)
	}
	return c
}

func hostSensorCells(s *inventory.HostSensor) cells {
	return cells{meta: s.Meta, location: words(s.Chip, s.Name), address: s.PCIAddress, model: s.Type, health: string(s.Health), detail: words(number(s.Value, " "+s.Unit), strings.Join(s.Alarms, " "))}
}

func firmwareCells(f *inventory.FirmwareResource) cells {
	return cells{meta: f.Meta, location: f.GUID, model: f.Type, version: number(f.Version, ""), detail: words("last update", f.LastAttemptStatus)}
}
