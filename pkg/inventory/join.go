package inventory

import (
	"cmp"
	"slices"
)

// Join puts together what several collectors know of one part and brings
// every list into its order. It needs nothing but the report and may be
// repeated: joining a joined report changes nothing.
func (r *Report) Join() {
	r.sortSections()
	r.uniqueIDs()
	r.joinMemoryErrors()
	r.joinEvents()
	r.joinDriveSlots()
	r.joinIdentity()
	r.joinGPULinks()
	r.joinSensors()
	r.joinTopology()
}

// sortSections orders what has no table order of its own.
func (r *Report) sortSections() {
	slices.SortStableFunc(r.Storage, func(a, b Drive) int {
		if (a.Device == "") != (b.Device == "") { // drives behind a controller last
			return cmp.Compare(b.Device, a.Device)
		}
		return cmp.Or(CompareNatural(a.Device, b.Device), CompareNatural(a.ID, b.ID))
	})
	slices.SortStableFunc(r.StorageControllers, func(a, b StorageController) int {
		return cmp.Or(cmp.Compare(a.PCIAddress, b.PCIAddress), CompareNatural(a.ID, b.ID))
	})
	slices.SortStableFunc(r.LogicalDrives, func(a, b LogicalDrive) int { return CompareNatural(a.ID, b.ID) })
	slices.SortStableFunc(r.PCIeDevices, func(a, b PCIeDevice) int { return comparePCIAddress(a.Address, b.Address) })
	slices.SortStableFunc(r.GPUs, func(a, b GPU) int { return comparePCIAddress(a.PCIAddress, b.PCIAddress) })
	slices.SortStableFunc(r.Network, func(a, b NIC) int { return CompareNatural(a.Name, b.Name) })
	slices.SortStableFunc(r.CXLDevices, func(a, b CXLDevice) int {
		return cmp.Or(comparePCIAddress(a.PCIAddress, b.PCIAddress), CompareNatural(a.ID, b.ID))
	})
	slices.SortStableFunc(r.Sensors, func(a, b HostSensor) int { return CompareNatural(a.ID, b.ID) })
	slices.SortStableFunc(r.Firmware, func(a, b FirmwareResource) int { return cmp.Compare(a.ID, b.ID) })
}

// comparePCIAddress orders hex addresses; a domain of more digits (Intel VMD:
// 10000:...) is the greater one.
func comparePCIAddress(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// uniqueIDs is the safety net below the collectors, which make ids unique
// within themselves.
func (r *Report) uniqueIDs() {
	var ids IDs
	r.eachMeta(func(m *Meta) {
		if m.ID != "" {
			m.ID = ids.Unique(m.ID)
		}
	})
}

// eachMeta visits every component that has an id.
func (r *Report) eachMeta(f func(*Meta)) {
	if r.Host != nil {
		f(&r.Host.Meta)
	}
	if r.Board != nil {
		f(&r.Board.Meta)
		for i := range r.Board.Baseboards {
			f(&r.Board.Baseboards[i].Meta)
		}
		for i := range r.Board.ChassisAll {
			f(&r.Board.ChassisAll[i].Meta)
		}
	}
	for i := range r.CPUs {
		f(&r.CPUs[i].Meta)
	}
	if m := r.Memory; m != nil {
		f(&m.Meta)
		for i := range m.Arrays {
			f(&m.Arrays[i].Meta)
		}
		for i := range m.Controllers {
			f(&m.Controllers[i].Meta)
		}
		for i := range m.Modules {
			f(&m.Modules[i].Meta)
		}
	}
	for i := range r.Storage {
		f(&r.Storage[i].Meta)
	}
	for i := range r.StorageControllers {
		f(&r.StorageControllers[i].Meta)
	}
	for i := range r.LogicalDrives {
		f(&r.LogicalDrives[i].Meta)
	}
	for i := range r.PCIeDevices {
		f(&r.PCIeDevices[i].Meta)
	}
	for i := range r.PowerSupplies {
		f(&r.PowerSupplies[i].Meta)
	}
	for i := range r.GPUs {
		f(&r.GPUs[i].Meta)
	}
	for i := range r.CXLDevices {
		f(&r.CXLDevices[i].Meta)
	}
	for i := range r.Network {
		f(&r.Network[i].Meta)
	}
	for i := range r.Sensors {
		f(&r.Sensors[i].Meta)
	}
	if r.Trust != nil {
		f(&r.Trust.Meta)
		for i := range r.Trust.TPMs {
			f(&r.Trust.TPMs[i].Meta)
		}
	}
	for i := range r.Firmware {
		f(&r.Firmware[i].Meta)
	}
	if r.BMC != nil {
		f(&r.BMC.Meta)
	}
}

// joinIdentity fills the keys that another collector knows.
func (r *Report) joinIdentity() {
	if r.Host == nil || r.BMC == nil || r.BMC.MAC == "" {
		return
	}
	r.Host.Identity.BMCMAC = IdentityKey{Value: r.BMC.MAC, Usable: true}
}
