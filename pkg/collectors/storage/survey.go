package storage

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciclass"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// machine is what sysfs tells of the storage of a machine, before anything is
// sent to a drive.
type machine struct {
	found       bool // there is an interface storage hangs on
	controllers []*controller
	drives      []*drive
	volumes     []*inventory.LogicalDrive
	errs        []error
	ids         inventory.IDs
}

// drive is a drive and the kernel devices that lead to it, the first one the
// best to ask by.
type drive struct {
	part  inventory.Drive
	units []*unit
	errs  []error
}

// generic says that the kernel made no disk for the device.
func (u *unit) generic() bool { return hasNumber(u.name, "sg") }

// survey reads sysfs.
func survey(ctx context.Context, h *host.Host) *machine {
	m := &machine{}
	byAddress := m.findControllers(ctx, h)
	m.note(readHosts(ctx, h, byAddress))
	units := m.findUnits(ctx, h)
	units = m.askMegaRAID(ctx, h, units)
	bays, err := readEnclosures(ctx, h)
	m.note(err)
	volumes, err := readRAIDClass(ctx, h)
	m.note(err)
	m.found = m.found || len(units) > 0 || len(m.errs) > 0

	var drives []*unit
	for _, u := range units {
		if u.ignored {
			m.errs = append(m.errs, u.errs...)
			continue
		}
		u.settle(byAddress, bays, volumes)
		if u.volume != nil {
			m.addVolume(u)
			continue
		}
		drives = append(drives, u)
	}
	m.drives = group(drives)
	for _, d := range m.drives {
		if d.named() {
			d.part.ID = m.ids.Unique(driveID(&d.part))
		}
	}
	for _, c := range m.controllers {
		c.settle()
	}
	return m
}

func (m *machine) note(err error) { m.errs = append(m.errs, leavesOf(err)...) }

// findControllers reads all PCI functions and keeps the storage controllers.
func (m *machine) findControllers(ctx context.Context, h *host.Host) map[string]*controller {
	functions, err := pciclass.Read(ctx, h)
	if err != nil {
		m.note(&inventory.PartError{Source: pciDir, Err: sysfs.Cause(err)})
	}
	names, errs := storageFunctions(functions)
	m.errs = append(m.errs, errs...)
	all := gather(ctx, sysfsDeadline, names, func(ctx context.Context, name string) *controller {
		return readFunction(ctx, h, name)
	}, func(name string, err error) {
		m.note(&inventory.PartError{ComponentID: inventory.IDOf("controller", sysfs.Clean(name)), Source: pciDir + "/" + name, Err: err})
	})
	byAddress := map[string]*controller{}
	for _, c := range all {
		switch {
		case c == nil:
		case c.wanted():
			byAddress[c.address] = c
			m.controllers = append(m.controllers, c)
		default:
			m.errs = append(m.errs, c.errs...)
		}
	}
	return byAddress
}

// findUnits reads all kernel devices that can be drives.
func (m *machine) findUnits(ctx context.Context, h *host.Host) []*unit {
	blocks, blockDir := m.listBlocks(ctx, h)
	controllers := m.listNVMe(ctx, h, blocks, blockDir)
	var jobs []func(context.Context) *unit
	var dirs []string
	add := func(dir string, f func(context.Context) *unit) { jobs, dirs = append(jobs, f), append(dirs, dir) }
	for _, name := range slices.SortedFunc(maps.Keys(controllers), inventory.CompareNatural) {
		dir := controllers[name]
		add(dir, func(ctx context.Context) *unit { return readNVMe(ctx, h, name, dir) })
	}
	for _, name := range disks(blocks) {
		dir := blockDir + "/" + name
		add(dir, func(ctx context.Context) *unit { return readBlock(ctx, h, name, dir) })
	}
	units := m.run(ctx, jobs, dirs)

	seen := map[string]bool{}
	for _, u := range units {
		if u.at.hctl != "" {
			seen[u.at.hctl] = true
		}
	}
	jobs, dirs = nil, nil
	for _, hctl := range m.list(ctx, h, scsiClass) {
		if isHCTL(hctl) && !seen[hctl] {
			add(scsiClass+"/"+hctl, func(ctx context.Context) *unit { return readGeneric(ctx, h, hctl) })
		}
	}
	return append(units, m.run(ctx, jobs, dirs)...)
}

// run reads units side by side.
func (m *machine) run(ctx context.Context, jobs []func(context.Context) *unit, dirs []string) []*unit {
	index := make([]int, len(jobs))
	for i := range index {
		index[i] = i
	}
	all := gather(ctx, sysfsDeadline, index, func(ctx context.Context, i int) *unit { return jobs[i](ctx) }, func(i int, err error) {
		m.note(&inventory.PartError{Source: dirs[i], Err: err})
	})
	return slices.DeleteFunc(all, func(u *unit) bool { return u == nil })
}

func (m *machine) list(ctx context.Context, h *host.Host, dir string) []string {
	names, err := list(ctx, h, dir)
	m.note(err)
	m.found = m.found || names != nil
	slices.SortFunc(names, inventory.CompareNatural)
	return names
}

// listBlocks lists block devices; captured trees may have the older folder.
func (m *machine) listBlocks(ctx context.Context, h *host.Host) (names []string, dir string) {
	if names = m.list(ctx, h, blockClass); names != nil {
		return names, blockClass
	}
	const older = "/sys/block"
	return m.list(ctx, h, older), older
}

// listNVMe lists NVMe controllers and their folders. A tree captured without
// their class still has them behind the block devices.
func (m *machine) listNVMe(ctx context.Context, h *host.Host, blocks []string, blockDir string) map[string]string {
	dirs := map[string]string{}
	for _, n := range m.list(ctx, h, nvmeClass) {
		if isNVMeController(n) {
			dirs[n] = nvmeClass + "/" + n
		}
	}
	if len(dirs) > 0 {
		return dirs
	}
	for _, n := range blocks {
		if head, ok := namespaceHead(n); ok && head == n {
			name, _, _ := cutLast(n, "n")
			dirs[name] = blockDir + "/" + n + "/device"
			if link, err := h.Readlink(ctx, blockDir+"/"+n); err == nil && !strings.Contains(link, "/virtual/") {
				dirs[name] = path.Dir(path.Join(blockDir, link))
			}
		}
	}
	return dirs
}

// readGeneric reads a SCSI device without a disk: it is a drive only when it
// says that it is one, which a RAID controller's member does. It is asked by
// its generic device.
func readGeneric(ctx context.Context, h *host.Host, hctl string) *unit {
	u := &unit{dir: scsiClass + "/" + hctl}
	dir := u.dir + "/device"
	kind := sysfs.Read(ctx, h, "", dir, "type")
	switch kind.Text("type", "protocol") {
	case "0", "20": // disk, zoned disk
	default:
		u.ignored = true
		u.keep(kind)
		return u
	}
	names, err := list(ctx, h, dir+"/scsi_generic")
	if err != nil {
		u.errs = append(u.errs, err)
	}
	if len(names) != 1 || !hasNumber(names[0], "sg") {
		u.ignored = true // nothing to ask it by: the driver of a disk is on its way, or has failed
		return u
	}
	u.name = names[0]
	u.locate(ctx, h)
	u.at.hctl = hctl
	u.drive.Device, u.drive.Paths, u.drive.Sources = u.name, []string{u.name}, []string{u.dir}
	u.drive.PCIAddress = u.at.function()
	u.readSCSI(ctx, h)
	return u
}

// settle adds what other parts of sysfs know of the device.
func (u *unit) settle(controllers map[string]*controller, bays map[string]inventory.Enclosure, volumes map[string]*inventory.LogicalDrive) {
	if bay, ok := bays[u.at.hctl]; ok {
		u.drive.Enclosure = &bay
	}
	if v := volumes[u.at.hctl]; v != nil && u.volume == nil {
		u.volume = v
	}
	d := &u.drive
	if d.Protocol == inventory.ProtocolNVMe && d.PCIAddress != "" {
		d.ParentID = inventory.IDOf("pci", d.PCIAddress)
	}
	for _, address := range slices.Backward(u.at.pci) {
		c := controllers[address]
		if c == nil {
			continue
		}
		d.ControllerID = c.part.ID
		if d.ParentID == "" {
			d.ParentID = c.part.ID
		}
		if u.volume == nil && c.isVolume(u) {
			u.volume = &inventory.LogicalDrive{}
		}
		if u.volume != nil {
			c.volumes++
		} else {
			c.visible++
		}
		if c.bootRAID() && d.Protocol == inventory.ProtocolNVMe {
			set(&c.part.Model, d.Model)
			set(&c.part.SerialNumber, d.SerialNumber)
			set(&c.part.Firmware, d.Firmware)
		}
		break
	}
}

// addVolume turns a unit into the volume it is.
func (m *machine) addVolume(u *unit) {
	v, d := u.volume, &u.drive
	name := d.WWN
	if name == "" {
		name = strings.TrimPrefix(d.ControllerID, "controller:")
		if u.at.hctl != "" {
			_, rest, _ := strings.Cut(u.at.hctl, ":") // host numbers move
			name += "/" + rest
		} else {
			name += "/" + u.name
		}
	}
	v.ID = m.ids.Unique(inventory.IDOf("logical_drive", name))
	v.ParentID, v.ControllerID = d.ControllerID, d.ControllerID
	for _, s := range d.Sources {
		if !slices.Contains(v.Sources, s) {
			v.Sources = append(v.Sources, s)
		}
	}
	if v.Device = d.Device; v.Name == "" {
		v.Name = d.Model
	}
	if v.SizeBytes == nil {
		v.SizeBytes = d.SizeBytes
	}
	v.Health = volumeHealth(v.State)
	blame(v.ID, u.errs)
	m.errs = append(m.errs, u.errs...)
	m.volumes = append(m.volumes, v)
}

// driveID names a drive by its world-wide name, else by its serial number,
// else by the device.
func driveID(d *inventory.Drive) string {
	return inventory.IDOf("drive", cmp.Or(d.WWN, d.SerialNumber, d.Device))
}

// named says that sysfs tells enough to name the drive. Another one is named
// when it has been asked.
func (d *drive) named() bool { return d.part.WWN != "" || d.part.SerialNumber != "" }

// group puts units together that lead to one drive: controllers of one NVMe
// subsystem, and SCSI devices of one name and serial number. Vendors repeat
// names, and others serial numbers, so one of them alone is not enough.
func group(units []*unit) []*drive {
	var all []*drive
	byKey := map[string]*drive{}
	for _, u := range units {
		key := groupKey(&u.drive)
		d := byKey[key]
		if key != "" && d != nil && !d.clashes(u) {
			d.part.Paths = append(d.part.Paths, u.drive.Paths...)
			d.part.Sources = append(d.part.Sources, u.drive.Sources...)
			d.merge(&u.drive)
			d.units, d.errs = append(d.units, u), append(d.errs, u.errs...)
			continue
		}
		d = &drive{part: u.drive, units: []*unit{u}, errs: u.errs}
		byKey[key] = d
		all = append(all, d)
	}
	return all
}

func groupKey(d *inventory.Drive) string {
	switch {
	case d.Protocol == inventory.ProtocolNVMe && d.SubsystemNQN != "" && d.SerialNumber != "":
		return strings.Join([]string{"nvme", d.SubsystemNQN, d.SerialNumber, d.Model}, "\x00")
	case d.Protocol != inventory.ProtocolUSB && d.WWN != "":
		return strings.Join([]string{"wwn", d.WWN, d.SerialNumber}, "\x00")
	}
	return ""
}

// clashes says that a unit cannot be of the drive: two controllers of one
// subsystem never have the same number.
func (d *drive) clashes(u *unit) bool {
	return u.drive.Protocol == inventory.ProtocolNVMe && slices.ContainsFunc(d.units, func(o *unit) bool { return o.controller == u.controller })
}

// merge takes over from another path what the first did not tell.
func (d *drive) merge(o *inventory.Drive) {
	p := &d.part
	for _, ns := range o.Namespaces {
		if !slices.ContainsFunc(p.Namespaces, func(n inventory.Namespace) bool { return n.NSID == ns.NSID }) {
			p.Namespaces = append(p.Namespaces, ns)
		}
	}
	if p.Protocol == inventory.ProtocolNVMe {
		sumNamespaces(p)
	}
	if p.Enclosure == nil {
		p.Enclosure = o.Enclosure
	}
	if p.SizeBytes == nil {
		p.SizeBytes = o.SizeBytes
	}
}

// Err joins what went wrong in the survey.
func (m *machine) err() error { return errors.Join(m.errs...) }
