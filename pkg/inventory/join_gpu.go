package inventory

// joinGPULinks gives GPUs whose driver does not tell of the link what their
// PCI function knows of it.
func (r *Report) joinGPULinks() {
	links := make(map[string]*PCIeLink, len(r.PCIeDevices))
	for i := range r.PCIeDevices {
		links[r.PCIeDevices[i].Address] = r.PCIeDevices[i].Link
	}
	for i := range r.GPUs {
		g := &r.GPUs[i]
		if l := links[g.PCIAddress]; g.Link == nil && l != nil {
			own := *l
			own.Degraded = nil // the verdict is the function's
			g.Link = &own
		}
	}
}
