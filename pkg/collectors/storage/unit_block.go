package storage

import (
	"context"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// isDisk says that a name in the block class can be a disk that hardware
// makes: not a partition, and no device of software, memory or an optical
// drive. Partitions have the name of their disk before them; see disks.
func isDisk(name string) bool {
	for _, p := range [...]string{
		"loop", "ram", "dm-", "md", "zram", "nbd", "sr", "fd", "pmem", "drbd", "rbd", "bcache", "ublk", "zd", "nvme", "mtd", "ubi",
	} {
		if strings.HasPrefix(name, p) {
			return false
		}
	}
	return !strings.HasPrefix(name, "mmcblk") || allIn(name[len("mmcblk"):], "0123456789") // not mmcblk0p1, mmcblk0boot0
}

// disks leaves partitions out of a sorted listing: sda1 of sda, xvda1 of xvda.
func disks(names []string) []string {
	kept := make([]string, 0, len(names))
	seen := map[string]bool{}
	for _, n := range names {
		if !isDisk(n) {
			continue
		}
		whole := strings.TrimRight(n, "0123456789")
		if whole != n && seen[whole] {
			continue
		}
		seen[n] = true
		kept = append(kept, n)
	}
	return kept
}

// readBlock reads what sysfs says of a block device that is no NVMe namespace.
func readBlock(ctx context.Context, h *host.Host, name, dir string) *unit {
	u := &unit{name: name, dir: dir}
	u.locate(ctx, h)
	if u.at.bus == busVirtual || u.at.partition {
		u.ignored = true
		return u
	}
	attrs := []string{"size", "removable", "queue/logical_block_size", "queue/physical_block_size", "queue/rotational"}
	if !strings.HasPrefix(name, "sd") {
		attrs = append(attrs, "serial") // virtio's; reading it asks the device
	}
	a := sysfs.Read(ctx, h, "", u.dir, attrs...)
	d := &u.drive
	d.Device, d.Paths, d.Sources = name, []string{name}, []string{u.dir}
	d.PCIAddress = u.at.function()
	sectors := a.Uint("size", "size_bytes", 10, 64)
	removable := a.Text("removable", "") == "1"
	if sectors != nil && *sectors > 0 {
		d.SizeBytes = size(sectors)
	}
	d.LogicalBlockBytes = uint32From(a.Uint("queue/logical_block_size", "logical_block_bytes", 10, 32))
	d.PhysicalBlockBytes = uint32From(a.Uint("queue/physical_block_size", "physical_block_bytes", 10, 32))
	// 1 is the default of drivers that do not know.
	if r := a.Uint("queue/rotational", "rotation_rpm", 10, 8); r != nil && *r == 0 {
		d.RotationRPM = new(uint32(0))
	}
	switch {
	case u.at.bus == busMMC, strings.HasPrefix(name, "mmcblk"):
		u.keep(a)
		u.readMMC(ctx, h)
	case u.at.bus == busVirtio && u.at.hctl == "", strings.HasPrefix(name, "vd") && u.at.bus == busUnknown:
		d.Protocol, d.Transport = inventory.ProtocolVirtio, "virtio"
		d.SerialNumber = known(a.Text("serial", "serial_number"))
		u.keep(a)
	case u.at.hctl != "", strings.HasPrefix(name, "sd"):
		u.keep(a)
		u.readSCSI(ctx, h)
	default:
		d.SerialNumber = known(a.Text("serial", "serial_number"))
		u.keep(a)
	}
	// An empty card reader or a management controller's virtual disk. A dead
	// drive is not removable.
	u.ignored = removable && sectors != nil && *sectors == 0
	return u
}

// readMMC reads the identity of an SD card or eMMC. Source:
// drivers/mmc/core/mmc.c.
func (u *unit) readMMC(ctx context.Context, h *host.Host) {
	dir := u.dir + "/device"
	a := sysfs.Read(ctx, h, "", dir, "name", "serial", "manfid", "fwrev", "type")
	d := &u.drive
	d.Protocol, d.Transport = inventory.ProtocolMMC, strings.ToLower(a.Text("type", "transport"))
	d.Sources = append(d.Sources, dir)
	d.Model = known(a.Text("name", "model"))
	d.SerialNumber = strings.TrimPrefix(known(a.Text("serial", "serial_number")), "0x")
	d.Vendor = mmcVendor(a.Text("manfid", "vendor"))
	d.Firmware = known(a.Text("fwrev", "firmware"))
	d.RotationRPM = new(uint32(0))
	u.keep(a)
}

// mmcVendor names the makers whose numbers, given out by JEDEC and the SD
// Association, are public; others stay numbers.
func mmcVendor(id string) string {
	switch strings.TrimLeft(strings.TrimPrefix(id, "0x"), "0") {
	case "":
		return ""
	case "15":
		return "Samsung"
	case "45":
		return "SanDisk"
	case "90":
		return "SK hynix"
	case "fe", "13":
		return "Micron"
	case "11":
		return "Toshiba"
	case "70":
		return "Kingston"
	}
	return id
}
