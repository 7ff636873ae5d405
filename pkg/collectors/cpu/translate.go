package cpu

import (
	"cmp"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// translate makes one CPU of each central processor of the table, in table
// order, and adds how the kernel runs it. The table does not say which package
// of the kernel a socket is. Where there are as many packages as sockets in
// use, both count from the first socket up; else nothing is assigned. Sockets
// that the firmware calls disabled are in use all the same where the kernel
// runs on as many packages as there are processors.
func translate(t *smbios.Table, k *kernelView) []inventory.CPU {
	var all []inventory.CPU
	var ids inventory.IDs
	caches := map[uint16]smbios.Cache{}
	for _, c := range t.Caches() {
		caches[c.Handle()] = c
	}
	var populated, running []int
	for _, p := range t.Processors() {
		if p.ProcessorType() != "central_processor" {
			continue
		}
		c := socket(p)
		c.ID = ids.Unique(inventory.IDOf("cpu", cmp.Or(c.Socket, "socket")))
		c.Sources = []string{dmi.TablePath}
		c.Caches = socketCaches(p, caches)
		if c.Present != nil && *c.Present {
			populated = append(populated, len(all))
			if !disabled(&c) {
				running = append(running, len(all))
			}
		}
		all = append(all, c)
	}
	if len(running) != len(k.packages) {
		running = populated
	}
	if len(running) == len(k.packages) {
		for i, n := range running {
			c := &all[n]
			k.fill(c, k.packages[i])
			c.Sources = append(c.Sources, k.sources...)
			k.compare(c, k.packages[i])
			if disabled(c) {
				reject(c, "status", k.sources[len(k.sources)-1], dmi.TablePath, c.Status)
				c.Status = "enabled"
			}
		}
	}
	return all
}

func socket(p smbios.Processor) inventory.CPU {
	c := inventory.CPU{
		Socket:  p.Socket(),
		Present: dmi.Ptr(p.Populated()),
		Status:  p.Status(),
		Upgrade: p.Upgrade(),
		// Of an empty socket this is what it could take.
		MaxSpeedMHz: wide(p.MaxSpeedMHz()),
	}
	if c.Present != nil && !*c.Present {
		return c
	}
	c.Manufacturer = p.Manufacturer()
	c.Model = p.Model()
	c.Family = p.Family()
	c.SerialNumber = p.SerialNumber()
	c.PartNumber = p.PartNumber()
	c.AssetTag = p.AssetTag()
	c.Cores = wide(p.Cores())
	c.CoresEnabled = wide(p.CoresEnabled())
	c.Threads = wide(p.Threads())
	c.CurrentSpeedMHz = wide(p.CurrentSpeedMHz())
	c.VoltageMillivolts = dmi.Ptr(p.VoltageMillivolts())
	return c
}

func wide(v uint16, ok bool) *uint32 { return dmi.Ptr(uint32(v), ok) }

// socketCaches are the firmware's words, which give the total of a level.
func socketCaches(p smbios.Processor, byHandle map[uint16]smbios.Cache) []inventory.Cache {
	var all []inventory.Cache
	for _, h := range p.CacheHandles() {
		c, ok := byHandle[h]
		if !ok {
			continue
		}
		level, ok := c.Level()
		size, sized := c.InstalledSizeBytes()
		if !ok || !sized || size == 0 {
			continue
		}
		all = append(all, inventory.Cache{
			Level: level, Type: known(c.CacheType()), SizeBytes: size, Ways: dmi.Ptr(c.Ways()), ErrorCorrection: known(c.ErrorCorrection()),
		})
	}
	slices.SortFunc(all, func(a, b inventory.Cache) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Type, b.Type))
	})
	return all
}

// known drops the firmware's way of saying nothing.
func known(s string) string {
	if s == "unknown" || s == "other" {
		return ""
	}
	return s
}

// compare keeps what the kernel calls the model when the firmware calls it
// otherwise.
func (k *kernelView) compare(c *inventory.CPU, p *physicalPackage) {
	_, model := k.names(p)
	if model == "" || plainWords(model) == plainWords(c.Model) {
		return
	}
	if c.Model == "" {
		c.Model = model
		return
	}
	reject(c, "model", dmi.TablePath, cpuinfoPath, model)
}

func disabled(c *inventory.CPU) bool { return strings.HasPrefix(c.Status, "disabled") }

// reject notes that a field is as source has it, and what other gave.
func reject(c *inventory.CPU, field, source, other, value string) {
	if c.Provenance == nil {
		c.Provenance = map[string]inventory.Provenance{}
	}
	c.Provenance[field] = inventory.Provenance{Source: source, Rejected: map[string]string{other: value}}
}

func plainWords(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
