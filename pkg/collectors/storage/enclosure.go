package storage

import (
	"context"
	"errors"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	enclosureClass = "/sys/class/enclosure"
	sasDeviceClass = "/sys/class/sas_device"
	sasPhyClass    = "/sys/class/sas_phy"
)

// readEnclosures reads which SCSI device sits in which bay, as the ses driver
// found out. Source: drivers/misc/enclosure.c.
func readEnclosures(ctx context.Context, h *host.Host) (map[string]inventory.Enclosure, error) {
	names, err := list(ctx, h, enclosureClass)
	bays := map[string]inventory.Enclosure{}
	errs := []error{err}
	for _, name := range names {
		dir := enclosureClass + "/" + name
		a := sysfs.Read(ctx, h, "", dir, "id")
		id := strings.TrimPrefix(known(a.Text("id", "enclosure")), "0x")
		if id == "" {
			id = sysfs.Clean(name)
		}
		parts, err := list(ctx, h, dir)
		errs = append(errs, a.Err(), err)
		for _, part := range parts {
			switch part {
			case "components", "device", "id", "power", "subsystem", "uevent":
				continue
			}
			target := linkBase(ctx, h, dir+"/"+part+"/device")
			if !isHCTL(target) {
				continue // an empty bay, a fan
			}
			slot := sysfs.Read(ctx, h, "", dir+"/"+part, "slot")
			number := slot.Text("slot", "enclosure")
			if number == "" || number == "-1" {
				number = sysfs.Clean(part)
			}
			errs = append(errs, slot.Err())
			bays[target] = inventory.Enclosure{ID: id, Slot: number}
		}
	}
	return bays, errors.Join(errs...)
}

// readSAS adds what the SAS transport knows of a drive: its bay, and the rate
// of its link. Source: drivers/scsi/scsi_transport_sas.c.
func (u *unit) readSAS(ctx context.Context, h *host.Host) {
	if u.at.endDevice == "" {
		return
	}
	a := sysfs.Read(ctx, h, "", sasDeviceClass+"/"+u.at.endDevice, "enclosure_identifier", "bay_identifier")
	id := strings.TrimPrefix(known(a.Text("enclosure_identifier", "enclosure")), "0x")
	if bay := a.Text("bay_identifier", "enclosure"); id != "" && bay != "" && u.drive.Enclosure == nil {
		u.drive.Enclosure = &inventory.Enclosure{ID: id, Slot: bay}
	}
	u.keep(a)
	if u.at.sasPort == "" {
		return
	}
	names, err := list(ctx, h, "/sys/class/sas_port/"+u.at.sasPort+"/device")
	if err != nil {
		return
	}
	for _, n := range names {
		if !strings.HasPrefix(n, "phy-") {
			continue
		}
		phy := sysfs.Read(ctx, h, "", sasPhyClass+"/"+n, "negotiated_linkrate")
		if rate := linkRate(phy.Text("negotiated_linkrate", "link_speed_gbps")); rate != nil {
			u.drive.LinkSpeedGbps = rate
		}
		u.keep(phy)
	}
}

// linkRate reads "12.0 Gbit".
func linkRate(s string) *float64 {
	number, unit, _ := strings.Cut(s, " ")
	if !strings.HasPrefix(unit, "Gbit") {
		return nil
	}
	switch number {
	case "1.5":
		return new(1.5)
	case "3.0":
		return new(3.0)
	case "6.0":
		return new(6.0)
	case "12.0":
		return new(12.0)
	case "22.5":
		return new(22.5)
	}
	return nil
}
