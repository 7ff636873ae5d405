package storage

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const nvmeClass = "/sys/class/nvme"

// isNVMeController recognises nvme0, not nvme0n1.
func isNVMeController(name string) bool { return hasNumber(name, "nvme") }

// readNVMe reads what sysfs says of one NVMe controller and its namespaces.
// Source: drivers/nvme/host/sysfs.c. The attribute nuse is not read: it makes
// the kernel ask the drive.
func readNVMe(ctx context.Context, h *host.Host, name, dir string) *unit {
	u := &unit{name: name, dir: dir}
	u.locate(ctx, h)
	a := sysfs.Read(ctx, h, "", u.dir, "model", "serial", "firmware_rev", "transport", "address", "subsysnqn", "cntlid", "cntrltype", "state")
	d := &u.drive
	d.Device, d.Protocol, d.Paths = name, inventory.ProtocolNVMe, []string{name}
	d.Sources = []string{u.dir}
	d.Model = known(a.Text("model", "model"))
	d.SerialNumber = known(a.Text("serial", "serial_number"))
	d.Firmware = known(a.Text("firmware_rev", "firmware"))
	d.Transport = a.Text("transport", "transport")
	d.SubsystemNQN = a.Text("subsysnqn", "subsystem_nqn")
	u.controller = a.Text("cntlid", "")
	u.state = a.Text("state", "")
	if address := a.Text("address", "pci_address"); d.Transport == "pcie" && isPCIAddress(address) {
		d.PCIAddress = address
	} else if d.Transport == "pcie" || d.Transport == "" {
		d.PCIAddress = u.at.function()
	}
	u.ignored = a.Text("cntrltype", "") == "discovery" || strings.HasSuffix(d.SubsystemNQN, "nqn.2014-08.org.nvmexpress.discovery")
	u.keep(a)
	if u.ignored {
		return u
	}
	names, err := list(ctx, h, u.dir)
	if err != nil {
		u.errs = append(u.errs, err)
	}
	for _, n := range names {
		if head, ok := namespaceHead(n); ok && len(d.Namespaces) < maxNamespaces {
			u.namespace(ctx, h, n, head)
		}
	}
	slices.SortStableFunc(d.Namespaces, func(a, b inventory.Namespace) int { return inventory.CompareNatural(a.Device, b.Device) })
	sumNamespaces(d)
	return u
}

// maxNamespaces bounds what is taken from a listing.
const maxNamespaces = 4096

// namespaceHead recognises the directories of namespaces, nvme0n1, and of
// paths to them, nvme1c2n1, and returns the block device there is for it: of a
// namespace with several paths that of the subsystem, nvme1n1.
func namespaceHead(name string) (head string, ok bool) {
	rest, ok := strings.CutPrefix(name, "nvme")
	if !ok {
		return "", false
	}
	left, n, ok := strings.Cut(rest, "n")
	if !ok || n == "" || !allIn(n, "0123456789") {
		return "", false
	}
	instance, path, isPath := strings.Cut(left, "c")
	if instance == "" || !allIn(instance, "0123456789") || isPath && (path == "" || !allIn(path, "0123456789")) {
		return "", false
	}
	return "nvme" + instance + "n" + n, true
}

func (u *unit) namespace(ctx context.Context, h *host.Host, name, head string) {
	a := sysfs.Read(ctx, h, "", u.dir+"/"+name, "size", "nsid", "eui", "nguid", "uuid", "wwid",
		"queue/logical_block_size", "queue/physical_block_size", "queue/rotational")
	ns := inventory.Namespace{
		Device:     head,
		SizeBytes:  size(a.Uint("size", "namespaces", 10, 64)),
		BlockBytes: uint32From(a.Uint("queue/logical_block_size", "namespaces", 10, 32)),
		EUI64:      hexOnly(a.Text("eui", "namespaces"), 16),
		NGUID:      hexOnly(a.Text("nguid", "namespaces"), 32),
	}
	if id := a.Uint("nsid", "namespaces", 10, 32); id != nil {
		ns.NSID = uint32(*id)
	} else if _, n, ok := cutLast(head, "n"); ok { // older kernels: the same number but for rescans
		if v, err := strconv.ParseUint(n, 10, 32); err == nil {
			ns.NSID = uint32(v)
		}
	}
	// The kernel repeats the NGUID as UUID when there is none.
	if id := strings.ToLower(a.Text("uuid", "namespaces")); hexOnly(id, 32) != "" && hexOnly(id, 32) != ns.NGUID {
		ns.UUID = id
	}
	if eui, ok := strings.CutPrefix(a.Text("wwid", "namespaces"), "eui."); ok {
		if ns.EUI64 == "" {
			ns.EUI64 = hexOnly(eui, 16)
		}
		if ns.NGUID == "" {
			ns.NGUID = hexOnly(eui, 32)
		}
	}
	if p := uint32From(a.Uint("queue/physical_block_size", "physical_block_bytes", 10, 32)); p != nil && u.drive.PhysicalBlockBytes == nil {
		u.drive.PhysicalBlockBytes = p
	}
	if r := a.Uint("queue/rotational", "rotation_rpm", 10, 8); r != nil && *r == 0 {
		u.drive.RotationRPM = new(uint32(0))
	}
	u.keep(a)
	u.drive.Namespaces = append(u.drive.Namespaces, ns)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// hexOnly takes blanks and dashes out of an identifier; "" unless it then has
// the given number of digits and says something.
func hexOnly(s string, digits int) string {
	s = strings.ToLower(without(s, " -"))
	if len(s) != digits || !allIn(s, "0123456789abcdef") || allIn(s, "0") || allIn(s, "f") {
		return ""
	}
	return s
}

// without takes single characters out. A strings.Replacer would first build a
// table of some kilobytes.
func without(s, chars string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(chars, c) {
			return -1
		}
		return c
	}, s)
}

// sumNamespaces fills what a drive has in common with its namespaces.
func sumNamespaces(d *inventory.Drive) {
	var sum uint64
	var block *uint32
	same := true
	for i, ns := range d.Namespaces {
		if ns.SizeBytes == nil {
			return
		}
		sum += *ns.SizeBytes
		if i == 0 {
			block = ns.BlockBytes
		}
		same = same && block != nil && ns.BlockBytes != nil && *block == *ns.BlockBytes
	}
	if len(d.Namespaces) == 0 {
		return
	}
	d.SizeBytes = &sum
	d.LogicalBlockBytes = nil
	if same {
		d.LogicalBlockBytes = new(*block)
	}
}
