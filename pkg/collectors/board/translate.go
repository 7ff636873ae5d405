package board

import (
	"cmp"
	"fmt"
	"strings"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

func translate(t *smbios.Table) *inventory.Board {
	b := &inventory.Board{Meta: inventory.Meta{ID: "board"}, SMBIOSVersion: t.Version.String()}
	if all := t.BIOSes(); len(all) > 0 {
		b.BIOS = bios(all[0])
	}
	if all := t.Systems(); len(all) > 0 {
		b.System = system(all[0])
	}
	chassisIDs := map[uint16]string{}
	for i, c := range t.Chassis() {
		v := chassis(c, fmt.Sprintf("chassis:%d", i))
		chassisIDs[c.Handle()] = v.ID
		b.ChassisAll = append(b.ChassisAll, v)
	}
	for i, c := range t.Baseboards() {
		v := baseboard(c, fmt.Sprintf("baseboard:%d", i))
		if h, ok := c.ChassisHandle(); ok {
			v.ParentID = chassisIDs[h]
		}
		b.Baseboards = append(b.Baseboards, v)
	}
	if len(b.Baseboards) > 0 {
		b.Baseboard = &b.Baseboards[0]
	}
	if len(b.ChassisAll) > 0 {
		b.Chassis = &b.ChassisAll[0]
	}
	for _, o := range t.OEMStrings() {
		for _, s := range o.Strings() {
			// systemd takes credentials from here (systemd.io/CREDENTIALS):
			// they are secrets, not inventory.
			if s != "" && !strings.HasPrefix(s, "io.systemd.") {
				b.OEMStrings = append(b.OEMStrings, s)
			}
		}
	}
	for _, s := range t.Slots() {
		b.Slots = append(b.Slots, slot(s))
	}
	for _, d := range t.OnboardDevices() {
		b.OnboardDevices = append(b.OnboardDevices, onboard(d))
	}
	for _, p := range t.Ports() {
		b.Connectors = append(b.Connectors, inventory.Connector{
			Internal: p.InternalDesignator(), InternalType: p.InternalConnector(),
			External: p.ExternalDesignator(), ExternalType: p.ExternalConnector(), PortType: p.PortType(),
		})
	}
	for _, d := range t.IPMIDevices() {
		if reachable(d) {
			b.ManagementController = controller(d)
			break
		}
	}
	return b
}

func bios(v smbios.BIOS) *inventory.BIOS {
	return &inventory.BIOS{
		Vendor:           v.Vendor(),
		Version:          v.FirmwareVersion(),
		ReleaseDate:      cmp.Or(v.ReleaseDateISO(), v.ReleaseDate()),
		Revision:         v.Release(),
		FirmwareRevision: v.ControllerRelease(),
		ROMSizeBytes:     dmi.Ptr(v.ROMSizeBytes()),
	}
}

func system(v smbios.System) *inventory.System {
	return &inventory.System{
		Manufacturer: v.Manufacturer(),
		ProductName:  v.ProductName(),
		Version:      v.ProductVersion(),
		SerialNumber: v.SerialNumber(),
		UUID:         v.UUID().Value,
		SKUNumber:    v.SKUNumber(),
		Family:       v.Family(),
		WakeUpType:   v.WakeUpType(),
	}
}

func chassis(v smbios.Chassis, id string) inventory.Chassis {
	return inventory.Chassis{
		Meta:             inventory.Meta{ID: id, ParentID: "board"},
		Manufacturer:     v.Manufacturer(),
		Type:             v.ChassisType(),
		Version:          v.ProductVersion(),
		SerialNumber:     v.SerialNumber(),
		AssetTag:         v.AssetTag(),
		SKUNumber:        v.SKUNumber(),
		HeightU:          dmi.Ptr(v.HeightU()),
		PowerCords:       dmi.Ptr(v.PowerCords()),
		BootUpState:      v.BootUpState(),
		PowerSupplyState: v.PowerSupplyState(),
		ThermalState:     v.ThermalState(),
	}
}

func baseboard(v smbios.Baseboard, id string) inventory.Baseboard {
	return inventory.Baseboard{
		Meta:         inventory.Meta{ID: id, ParentID: "board"},
		Manufacturer: v.Manufacturer(),
		ProductName:  v.ProductName(),
		Version:      v.ProductVersion(),
		SerialNumber: v.SerialNumber(),
		AssetTag:     v.AssetTag(),
		Type:         v.BoardType(),
		Location:     v.LocationInChassis(),
	}
}

func slot(v smbios.Slot) inventory.Slot {
	return inventory.Slot{
		Designation: v.Designation(),
		Type:        v.SlotType(),
		Width:       v.Width(),
		Usage:       v.Usage(),
		Length:      v.SlotLength(),
		SlotID:      dmi.Ptr(v.ID()),
		PCIAddress:  v.PCIAddress(),
	}
}

func onboard(v smbios.OnboardDevice) inventory.OnboardDevice {
	return inventory.OnboardDevice{
		Designation: v.Designation(),
		Type:        v.DeviceType(),
		Instance:    dmi.Ptr(v.Instance()),
		Enabled:     dmi.Ptr(v.Enabled()),
		PCIAddress:  v.PCIAddress(),
	}
}

// reachable says whether the record names a way to a controller. Boards that
// are sold with and without one keep an empty record.
func reachable(v smbios.IPMIDevice) bool {
	_, ok := v.Address()
	return ok || v.Interface() != "" && v.Interface() != "unknown"
}

func controller(v smbios.IPMIDevice) *inventory.ManagementController {
	c := &inventory.ManagementController{
		Interface:   v.Interface(),
		IPMIVersion: v.SpecificationVersion(),
		I2CAddress:  dmi.Ptr(v.I2CAddress()),
	}
	if a, ok := v.Address(); ok {
		c.BaseAddress, c.AddressSpace = fmt.Sprintf("0x%x", a.Address), a.Space
	}
	return c
}
