package sensors

import (
	"context"
	"errors"
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciaddr"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// chip is one hwmon device, and where it is.
type chip struct {
	name string // hwmon3: no place, only the order of loading
	dir  string
	// label is the driver's name of the chip; prefix begins the ids of its
	// sensors: hwmon:coretemp/coretemp.0.
	label  string
	prefix string
	// pci is the address of the function it is in; device the kernel's block
	// device; pkg the processor's number.
	pci    string
	device string
	pkg    *int
	err    error
}

// locate finds out what a chip is and where. The number of a hwmon device
// follows from the order in which drivers were loaded, so its id is made of
// the device's place.
func locate(ctx context.Context, h *host.Host, name string) *chip {
	c := &chip{name: name, dir: path.Join(classDir, name)}
	target, linkErr := h.Readlink(ctx, c.dir)
	place := devicePath(target)
	if place == "" { // very old kernels, captured trees
		target, err := h.Readlink(ctx, path.Join(c.dir, "device"))
		if place = target; sysfs.Unreadable(err) && !sysfs.Unreadable(linkErr) {
			linkErr = err
		}
	}
	a := sysfs.Read(ctx, h, "", c.dir, "name")
	c.label = a.Text("name", "chip")
	if sysfs.Unreadable(linkErr) {
		a.Fail("", "", linkErr)
	}
	c.err = a.Err()
	if c.label == "" { // before Linux 3.13
		a = sysfs.Read(ctx, h, "", c.dir, "device/name")
		c.label = a.Text("device/name", "chip")
		c.err = errors.Join(c.err, a.Err())
	}
	c.pci = pciaddr.Last(place)
	last := path.Base(place)
	if place == "" {
		last = ""
	}
	words := []string{c.label, c.pci}
	switch {
	case last != "" && last == c.pci, c.pci != "" && strings.Contains(place, "/nvme/"):
		// The number of an NVMe drive is no place either; its function is.
	case last != "":
		words = append(words, last)
	case c.label == "":
		words = append(words, name)
	}
	c.prefix = inventory.IDOf("hwmon", words...)
	if c.label == "drivetemp" {
		c.blockDevice(ctx, h)
	}
	return c
}

// devicePath is the path of the device a hwmon device belongs to.
func devicePath(target string) string {
	p := path.Dir(strings.TrimRight(target, "/"))
	if path.Base(p) == "hwmon" {
		p = path.Dir(p)
	}
	if p == "." || p == "/" || strings.HasSuffix(p, "/virtual") {
		return ""
	}
	return p
}

// blockDevice finds the name of the drive.
func (c *chip) blockDevice(ctx context.Context, h *host.Host) {
	if names, err := h.ReadDir(ctx, path.Join(c.dir, "device/block")); err == nil && len(names) > 0 {
		c.device = names[0]
	}
}

// inDevice is true for a chip whose answers come from a device: a drive, a
// network card, a GPU. What sits on the root bus belongs to the board.
func (c *chip) inDevice() bool {
	return c.label == "nvme" || c.pci != "" && !strings.HasPrefix(c.pci, "0000:00:")
}

// inPackage finds the processor of a chip whose labels name it: coretemp's
// "Package id 0" ("Physical id 0" before Linux 4.4).
func (c *chip) inPackage(channels []channel, a *answers) {
	for _, ch := range channels {
		label, _ := a.text("", "", ch.attribute("label"))
		words := strings.Fields(label)
		if len(words) == 3 && (words[0] == "Package" || words[0] == "Physical") && words[1] == "id" {
			if id, err := strconv.ParseUint(words[2], 10, 16); err == nil {
				c.pkg = new(int(id))
				return
			}
		}
	}
}

// leftOut names attributes that are not read, because reading them has a
// price: the limits of an NVMe drive are a command each, and drivetemp keeps a
// drive from sleeping. The storage collector knows both.
func (c *chip) leftOut(suffix string) bool {
	switch c.label {
	case "nvme":
		return suffix == "min" || suffix == "max"
	case "drivetemp":
		return suffix != "label"
	}
	return false
}

// read reads all channels of the chip.
func (c *chip) read(ctx context.Context, h *host.Host) ([]inventory.HostSensor, error) {
	names, err := h.ReadDir(ctx, c.dir)
	if err != nil {
		return nil, &inventory.PartError{Source: c.dir, Err: sysfs.Cause(err)}
	}
	channels := decodeChannels(names)
	var wanted []string
	for _, ch := range channels {
		for _, suffix := range ch.suffixes {
			if !c.leftOut(suffix) {
				wanted = append(wanted, ch.attribute(suffix))
			}
		}
	}
	a := &answers{dir: c.dir, values: make(map[string]host.FileResult, len(wanted))}
	for i, r := range h.ReadAttrs(ctx, c.dir, wanted...) {
		a.values[wanted[i]] = r
	}
	if c.label == "coretemp" {
		c.inPackage(channels, &answers{values: a.values})
	}
	sensors := make([]inventory.HostSensor, 0, len(channels))
	for _, ch := range channels {
		if s, ok := c.translate(ch, a); ok {
			sensors = append(sensors, s)
		}
	}
	return sensors, a.err()
}
