package inventory

// joinSensors tells of each sensor which part it is in, by what the kernel
// says of its place: a drive, a processor, a GPU, else a PCI function.
func (r *Report) joinSensors() {
	if len(r.Sensors) == 0 {
		return
	}
	devices, functions, packages := map[string]string{}, map[string]string{}, map[int]string{}
	for i := range r.PCIeDevices {
		functions[r.PCIeDevices[i].Address] = r.PCIeDevices[i].ID
	}
	for i := range r.GPUs {
		functions[r.GPUs[i].PCIAddress] = r.GPUs[i].ID
	}
	for i := range r.Storage {
		d := &r.Storage[i]
		devices[d.Device] = d.ID
		if d.Protocol == ProtocolNVMe {
			functions[d.PCIAddress] = d.ID
		}
	}
	for i := range r.CPUs {
		if n := r.CPUs[i].PackageID; n != nil {
			packages[*n] = r.CPUs[i].ID
		}
	}
	for i := range r.Sensors {
		s := &r.Sensors[i]
		s.ParentID = ""
		switch {
		case s.Device != "":
			s.ParentID = devices[s.Device]
		case s.PCIAddress != "":
			s.ParentID = functions[s.PCIAddress]
		case s.PackageID != nil:
			s.ParentID = packages[*s.PackageID]
		}
	}
}
