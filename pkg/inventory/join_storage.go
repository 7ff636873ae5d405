package inventory

// joinDriveSlots tells the slot of an NVMe drive, which is that of its PCI
// function. Where an enclosure told of a bay, that stands.
func (r *Report) joinDriveSlots() {
	slots := make(map[string]string, len(r.PCIeDevices))
	for i := range r.PCIeDevices {
		if p := &r.PCIeDevices[i]; p.Slot != "" {
			slots[p.Address] = p.Slot
		}
	}
	for i := range r.Storage {
		d := &r.Storage[i]
		if d.Protocol != ProtocolNVMe || d.PCIAddress == "" || d.Enclosure != nil {
			continue
		}
		if slot := slots[d.PCIAddress]; slot != "" {
			d.Enclosure = &Enclosure{Slot: slot}
		}
	}
}
