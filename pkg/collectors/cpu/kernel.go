package cpu

import (
	"fmt"
	"maps"

	"example.com/bee/pkg/collectors/internal/cpuinfo"
	"example.com/bee/pkg/inventory"
)

// kernelView is sysfs and /proc/cpuinfo put together, package by package.
type kernelView struct {
	packages        []*physicalPackage
	logical         map[int]cpuinfo.CPU
	offline         []int
	vulnerabilities map[string]string
	sources         []string
}

func newKernelView(t *topology, logical []cpuinfo.CPU) *kernelView {
	k := &kernelView{logical: map[int]cpuinfo.CPU{}}
	for _, c := range logical {
		k.logical[c.Number] = c
	}
	if len(logical) > 0 {
		k.sources = append(k.sources, cpuinfoPath)
	}
	if t != nil {
		k.packages, k.offline, k.vulnerabilities = t.packages, t.offline, t.vulnerabilities
		if len(t.packages) > 0 {
			k.sources = append(k.sources, cpuDir)
		}
	}
	if len(k.packages) == 0 {
		k.packages = packagesOf(logical)
	}
	return k
}

// packagesOf groups logical processors where sysfs shows no topology.
func packagesOf(logical []cpuinfo.CPU) []*physicalPackage {
	var all []*physicalPackage
	byID := map[int]*physicalPackage{}
	for _, c := range logical {
		id := 0
		if c.PackageID != nil {
			id = *c.PackageID
		}
		p := byID[id]
		if p == nil {
			p = &physicalPackage{id: id, cores: map[string]bool{}}
			byID[id] = p
			all = append(all, p)
		}
		p.cpus = append(p.cpus, c.Number)
	}
	return all
}

// cpus describes a machine without SMBIOS: one CPU per package.
func (k *kernelView) cpus() []inventory.CPU {
	var all []inventory.CPU
	for _, p := range k.packages {
		c := inventory.CPU{
			Meta:    inventory.Meta{ID: fmt.Sprintf("cpu:package%d", p.id), Sources: k.sources},
			Present: new(true),
			Threads: uint32Of(len(p.cpus)),
		}
		if len(p.cores) > 0 {
			c.Cores = uint32Of(len(p.cores))
		}
		c.Manufacturer, c.Model = k.names(p)
		k.fill(&c, p)
		all = append(all, c)
	}
	return all
}

func uint32Of(n int) *uint32 { return new(uint32(n)) }

// first is the package's first thread that /proc/cpuinfo knows.
func (k *kernelView) first(p *physicalPackage) (cpuinfo.CPU, bool) {
	for _, n := range p.cpus {
		if c, ok := k.logical[n]; ok {
			return c, true
		}
	}
	return cpuinfo.CPU{}, false
}

// names are maker and model as far as the kernel knows them.
func (k *kernelView) names(p *physicalPackage) (maker, model string) {
	c, ok := k.first(p)
	if !ok {
		return "", ""
	}
	if c.Implementer != nil && c.Part != nil {
		return cpuinfo.ARMName(*c.Implementer, *c.Part)
	}
	maker = c.VendorID
	switch maker {
	case "GenuineIntel":
		maker = "Intel"
	case "AuthenticAMD":
		maker = "AMD"
	case "HygonGenuine":
		maker = "Hygon"
	}
	model = c.ModelName
	if model == "" && c.MachineType != "" {
		model = "machine type " + c.MachineType
	}
	return maker, model
}

// fill adds how the package runs.
func (k *kernelView) fill(c *inventory.CPU, p *physicalPackage) {
	c.PackageID = new(p.id)
	c.OnlineThreads = uint32Of(len(p.cpus))
	c.NUMANodes = p.nodes
	c.Throttle = p.throttle
	if len(p.caches) > 0 {
		c.Caches = p.caches
	}
	if len(k.packages) == 1 {
		// With several packages the kernel does not say whose these are.
		c.OfflineCPUs = k.offline
	}
	if l, ok := k.first(p); ok {
		c.Microcode, c.Stepping, c.CPUFamily, c.CPUModel = l.Microcode, l.Stepping, l.Family, l.Model
	}
	if len(k.vulnerabilities) > 0 {
		c.Vulnerabilities = maps.Clone(k.vulnerabilities)
	}
}
