package storage

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	blockClass = "/sys/class/block"
	scsiClass  = "/sys/class/scsi_device"
)

// readSCSI reads what sysfs says of a SCSI device behind a block device or,
// for a disk the kernel made none for, behind a generic one. The kernel keeps
// the INQUIRY data and VPD pages it read when it found the device. Source:
// drivers/scsi/scsi_sysfs.c.
func (u *unit) readSCSI(ctx context.Context, h *host.Host) {
	dir := u.dir + "/device"
	a := sysfs.Read(ctx, h, "", dir, "vendor", "model", "rev", "vpd_pg80", "vpd_pg83", "vpd_pg89", "vpd_pgb1", "power/runtime_status", "raid_level")
	d := &u.drive
	d.Sources = append(d.Sources, dir)
	u.suspended = strings.HasPrefix(a.Text("power/runtime_status", "health"), "suspend")
	d.Vendor, d.Model, d.Firmware = known(a.Text("vendor", "vendor")), known(a.Text("model", "model")), known(a.Text("rev", "firmware"))
	d.Protocol, d.Transport = scsiProtocol(u.at, d.Vendor)
	if u.sat = d.Vendor == ataVendor; u.sat {
		d.Vendor = "" // the translation's word, not the maker's
	}

	if page := a.Bytes("vpd_pg80", "serial_number"); len(page) > 0 {
		serial, err := scsi.DecodeSerialNumber(page)
		if err != nil {
			a.Fail("vpd_pg80", "serial_number", err)
		}
		d.SerialNumber = known(serial)
	}
	if page := a.Bytes("vpd_pg83", "wwn"); len(page) > 0 {
		id, err := scsi.DecodeDeviceID(page)
		if err != nil {
			a.Fail("vpd_pg83", "wwn", err)
		} else {
			d.WWN = id.WWN()
			if u.sat {
				applyT10(d, id)
			}
		}
	}
	if d.WWN == "" { // kernels that do not show pages make a name of them
		switch r := h.ReadAttrs(ctx, dir, "wwid")[0]; {
		case r.Err == nil:
			d.WWN = wwid(sysfs.Clean(string(r.Data)))
		case errors.Is(r.Err, fs.ErrNotExist), errors.Is(r.Err, syscall.EINVAL), sysfs.Silent(r.Err): // it has none
		default:
			u.fail("wwn", dir+"/wwid", r.Err)
		}
	}
	if page := a.Bytes("vpd_pgb1", "rotation_rpm"); len(page) > 0 {
		b, err := scsi.DecodeBlockCharacteristics(page)
		if err != nil {
			a.Fail("vpd_pgb1", "rotation_rpm", err)
		} else {
			applyCharacteristics(d, b)
		}
	}
	// Only of what else says that it is ATA: scsi_debug has the page too.
	if page := a.Bytes("vpd_pg89", ""); len(page) > 0 && (u.sat || d.Protocol == inventory.ProtocolSATA || d.Protocol == inventory.ProtocolUSB) {
		u.applyATAPage(a, page)
	}
	if level := a.Text("raid_level", ""); level != "" && !strings.EqualFold(level, "N/A") {
		u.volume = &inventory.LogicalDrive{Level: raidLevel(level)}
	}
	u.keep(a)
	u.readSAS(ctx, h)
	// A card reader has a unit for each kind of card.
	if u.at.usbDevice != "" && strings.HasSuffix(u.at.hctl, ":0") {
		u.usbSerial = known(sysfs.Read(ctx, h, "", u.at.usbDevice, "serial").Text("serial", "serial_number"))
	}
}

// ataVendor is what a SCSI/ATA translation writes into the vendor field.
const ataVendor = "ATA"

// scsiProtocol decides what speaks behind a SCSI device. A SAS adapter carries
// SATA drives too: there the translation's vendor name tells.
func scsiProtocol(at place, vendor string) (inventory.Protocol, string) {
	switch at.bus {
	case busUSB:
		return inventory.ProtocolUSB, "usb"
	case busATA:
		return inventory.ProtocolSATA, "sata"
	case busSAS:
		if vendor == ataVendor {
			return inventory.ProtocolSATA, "sas"
		}
		return inventory.ProtocolSAS, "sas"
	case busFC, busISCSI, busVirtio:
		return inventory.ProtocolSCSI, string(at.bus)
	}
	if vendor == ataVendor {
		return inventory.ProtocolSATA, ""
	}
	return inventory.ProtocolSCSI, ""
}

// applyATAPage takes identity from VPD page 89h, which holds the drive's own
// IDENTIFY data. That it is there confirms the translation.
func (u *unit) applyATAPage(a *sysfs.Attrs, page []byte) {
	info, err := scsi.DecodeATAInformation(page)
	if err != nil {
		a.Fail("vpd_pg89", "", err)
		return
	}
	id, err := ata.DecodeIdentify(info.Identify)
	if err != nil || id.Packet {
		return // a bridge without a drive behind it, or an optical one
	}
	u.identified = true
	applyIdentify(&u.drive, id)
}

// applyT10 takes the untruncated model and serial number from the name a
// SCSI/ATA translation makes of them: 8 bytes vendor, 40 model, 20 serial
// (SAT-4 10.3.4.3).
func applyT10(d *inventory.Drive, id *scsi.DeviceID) {
	for _, g := range id.Designators {
		if g.Type != scsi.DesignatorT10 || len(g.Value) < 68 || scsi.Text(g.Value[:8]) != ataVendor {
			continue
		}
		if model := known(scsi.Text(g.Value[8:48])); strings.HasPrefix(model, d.Model) {
			d.Model = model
		}
		if serial := known(scsi.Text(g.Value[48:68])); serial != "" && d.SerialNumber == "" {
			d.SerialNumber = serial
		}
	}
}

// wwid reads the kernel's name of a logical unit, "naa.5000c500a1b2c3d4";
// names made of vendor and serial number ("t10....") are none.
func wwid(s string) string {
	kind, name, _ := strings.Cut(strings.ToLower(s), ".")
	if kind != "naa" && kind != "eui" {
		return ""
	}
	switch len(name) {
	case 16, 24, 32:
		return hexOnly(name, len(name))
	}
	return ""
}

// raidLevel brings "RAID 5", "RAID-1(1+0)", "raid10" into one form.
func raidLevel(s string) string {
	s = strings.ToLower(without(s, " -_"))
	switch s {
	case "raid1+0", "raid1(1+0)", "raid1(10)":
		return "raid10"
	case "raid5+0":
		return "raid50"
	case "raid6+0":
		return "raid60"
	}
	return s
}
