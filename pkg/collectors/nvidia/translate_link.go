package nvidia

import "example.com/bee/pkg/inventory"

// link is the PCI Express link. What NVML calls the maximum is what device
// and slot can do together; the device's own maximum speed is asked apart, its
// own width NVML does not say.
func (t *translator) link() {
	var l inventory.PCIeLink
	l.CurrentSpeedGTs = speed(t.integer("pcie_link", 16, FnPCIeGeneration))
	l.AttainableSpeedGTs = speed(t.integer("pcie_link", 16, FnPCIeMaxGeneration))
	l.MaxSpeedGTs = speed(t.integer("", 16, FnPCIeDeviceMaxGeneration))
	if l.MaxSpeedGTs == nil {
		l.MaxSpeedGTs = l.AttainableSpeedGTs
	}
	l.CurrentWidth = lanes(t.integer("pcie_link", 32, FnPCIeWidth))
	l.AttainableWidth = lanes(t.integer("pcie_link", 32, FnPCIeMaxWidth))
	l.MaxWidth = l.AttainableWidth
	if l.CurrentWidth != nil && l.AttainableWidth != nil {
		// Speed is left out: an idle GPU lowers it to save power.
		l.Degraded = new(*l.CurrentWidth < *l.AttainableWidth)
	}
	if l != (inventory.PCIeLink{}) {
		t.gpu.Link = &l
	}
	t.gpu.PCIeReplays = t.counter("pcie_replays", FnPCIeReplays)
}

func lanes(n *int) *int {
	if n == nil || *n == 0 {
		return nil
	}
	return n
}

// speed is the transfer rate of a PCI Express generation.
func speed(generation *int) *float64 {
	if generation == nil {
		return nil
	}
	rates := [...]float64{1: 2.5, 2: 5, 3: 8, 4: 16, 5: 32, 6: 64, 7: 128}
	if *generation < 1 || *generation >= len(rates) {
		return nil
	}
	return new(rates[*generation])
}

// nvlinks are all links the GPU has, active or not.
func (t *translator) nvlinks() {
	for _, r := range t.readings {
		if r.Function != FnNVLinkState || len(r.Args) != 1 {
			continue
		}
		if r.Return != Success {
			// After at least one link this only says that there are no more.
			if len(t.gpu.NVLinks) == 0 || !r.Return.Silent() {
				t.failed("nvlinks", r)
			}
			continue
		}
		t.gpu.NVLinks = append(t.gpu.NVLinks, t.nvlink(r.Args[0], r.flag(0)))
	}
}

func (t *translator) nvlink(link uint32, active *bool) inventory.NVLink {
	l := inventory.NVLink{Link: int(link), Active: active, Version: t.integer("", 64, FnNVLinkVersion, link)}
	if r, ok := t.get("", FnNVLinkRemotePCI, link); ok {
		l.RemotePCIAddress = address(r)
	}
	count := func(name string, n *uint64) {
		if n == nil {
			return
		}
		if l.Errors == nil {
			l.Errors = map[string]uint64{}
		}
		l.Errors[name] = *n
	}
	for counter, name := range []string{"replay", "recovery", "crc_flit", "crc_data", "ecc_data"} {
		count(name, t.counter("", FnNVLinkErrors, link, uint32(counter)))
	}
	count("receive", t.field(fieldNVLinkRcvErrors, link))
	count("link_integrity", t.field(fieldNVLinkIntegrity, link))
	count("recovery", t.field(fieldNVLinkRecoveries, link))
	count("symbol", t.field(fieldNVLinkSymbolErrs, link))
	return l
}
