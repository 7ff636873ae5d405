package storage

import (
	"cmp"
	"slices"

	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/inventory"
)

func applyMegaRAID(p *inventory.StorageController, s *raidSet) {
	if i := s.info; i != nil {
		set(&p.Model, i.ProductName)
		set(&p.SerialNumber, i.SerialNumber)
		set(&p.Firmware, cmp.Or(i.PackageVersion, i.Component("APP")))
		set(&p.BIOS, i.Component("BIOS"))
		if i.MemoryMB > 0 {
			p.CacheBytes = new(uint64(i.MemoryMB) << 20)
		}
		p.Health = inventory.HealthOK
		if i.MemoryUncorrectedErrors > 0 {
			p.Health = inventory.HealthWarning
		}
	}
	if s.battery != nil {
		p.BatteryState = s.battery.State()
		if p.BatteryState == "failed" || p.BatteryState == "missing" {
			p.Health = inventory.HealthWarning
		}
	}
}

func megaraidVolume(ld *megaraid.LD) *inventory.LogicalDrive {
	v := &inventory.LogicalDrive{Name: known(ld.Name), Level: ld.Level, State: ld.State.String(), SizeBytes: ld.SizeBytes}
	if ld.StripBytes > 0 {
		v.StripBytes = new(ld.StripBytes)
	}
	v.Health = volumeHealth(v.State)
	return v
}

// applyPD takes what the controller knows of a drive. What the drive says
// itself, asked later, wins.
func applyPD(d *inventory.Drive, pd *megaraid.PD) {
	d.State = pd.State.String()
	d.Transport = "sas"
	switch pd.Interface.String() {
	case "sata":
		d.Protocol = inventory.ProtocolSATA
	case "nvme":
		d.Protocol, d.Transport = inventory.ProtocolNVMe, "pcie"
	}
	if pd.Inquiry != nil {
		if pd.Inquiry.Vendor != ataVendor {
			set(&d.Vendor, pd.Inquiry.Vendor)
		}
		set(&d.Model, pd.Inquiry.Product)
		set(&d.Firmware, pd.Inquiry.Revision)
	}
	if pd.ID != nil {
		set(&d.WWN, pd.ID.WWN())
	}
	if d.SizeBytes == nil {
		d.SizeBytes = pd.RawBytes
	}
	if d.LogicalBlockBytes == nil && pd.BlockBytes != nil {
		d.LogicalBlockBytes = new(uint32(*pd.BlockBytes))
	}
	if pd.SolidState != nil && *pd.SolidState {
		d.RotationRPM = new(uint32(0))
	}
	d.LinkSpeedGbps, d.MaxLinkSpeedGbps = cmp.Or(pd.LinkGbps, d.LinkSpeedGbps), cmp.Or(pd.DeviceGbps, d.MaxLinkSpeedGbps)
	d.Enclosure = bay(pd.EnclosureID, pd.Slot)
	if d.Health == nil {
		d.Health = &inventory.DriveHealth{}
	}
	h := d.Health
	h.MediaErrors, h.PredictiveFailureCount = new(uint64(pd.MediaErrors)), new(uint64(pd.PredictedFailures))
	if pd.TempCelsius != nil {
		h.TempCelsius = new(int(*pd.TempCelsius))
	}
	if pd.SpunDown {
		h.PowerMode = "standby"
	}
	d.Sources = slices.Clip(d.Sources)
}
