package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciclass"
	"example.com/bee/pkg/collectors/internal/pciids"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	pciDir    = pciclass.Dir
	hostClass = "/sys/class/scsi_host"
)

// controller is a PCI function that drives hang on.
type controller struct {
	part inventory.StorageController
	errs []error

	address          string
	class            string // six hex digits
	vendor, device   string // four hex digits
	subVendor        string
	remapped         uint64 // NVMe drives an AHCI function hides
	why              string // why a MegaRAID controller could not be asked
	listed           bool   // a MegaRAID controller listed all its drives
	set              *memberSet
	volumes, visible int // devices behind it
}

// pciName is the function's ids as people look them up.
func (c *controller) pciName() string { return c.vendor + ":" + c.device }

// storageFunctions returns the addresses of the functions that can be storage
// controllers: mass storage and Fibre Channel. A class that cannot be read is
// an error, as a controller may go unseen.
func storageFunctions(functions []pciclass.Function) (addresses []string, errs []error) {
	for _, f := range functions {
		a := sysfs.Clean(f.Class)
		switch {
		case errors.Is(f.Err, fs.ErrNotExist): // an old capture may have uevent alone
			addresses = append(addresses, f.Name)
		case f.Err != nil || !isClass(a):
			err := f.Err
			if err == nil {
				err = fmt.Errorf("%.32q: %w", a, inventory.ErrMalformed)
			}
			errs = append(errs, &inventory.PartError{
				ComponentID: inventory.IDOf("controller", sysfs.Clean(f.Name)), Field: "pci_address", Source: pciclass.Dir + "/" + f.Name + "/class", Err: sysfs.Cause(err),
			})
		case isStorage(a[2:]):
			addresses = append(addresses, f.Name)
		}
	}
	return addresses, errs
}

func isClass(s string) bool {
	return len(s) == len("0x010601") && s[:2] == "0x" && allIn(s[2:], "0123456789abcdef")
}

func isStorage(class string) bool {
	return strings.HasPrefix(class, "01") || strings.HasPrefix(class, "0c04")
}

// readFunction reads what a PCI function is; nil for one that is no storage
// controller. An NVMe drive is one only where it is a RAID controller.
func readFunction(ctx context.Context, h *host.Host, address string) *controller {
	dir := pciDir + "/" + address
	c := &controller{address: address}
	c.part.ID = inventory.IDOf("controller", sysfs.Clean(address))
	a := sysfs.Read(ctx, h, c.part.ID, dir, "class", "uevent", "vendor", "device", "subsystem_vendor", "subsystem_device", "remapped_nvme")
	text := a.Hex("class", "pci_address", 6)
	props := uevent(a.Bytes("uevent", "pci_address"))
	if c.class = text; c.class == "" && props["PCI_CLASS"] != "" {
		c.class = fmt.Sprintf("%06s", strings.ToLower(props["PCI_CLASS"]))
	}
	if !isStorage(c.class) {
		if c.errs = leavesOf(a.Err()); len(c.errs) > 0 && c.class == "" {
			return c
		}
		return nil
	}
	c.vendor, c.device = a.Hex("vendor", "vendor", 4), a.Hex("device", "model", 4)
	c.subVendor = a.Hex("subsystem_vendor", "model", 4)
	if id, dev, ok := strings.Cut(strings.ToLower(props["PCI_ID"]), ":"); ok && c.vendor == "" {
		c.vendor, c.device = fmt.Sprintf("%04s", id), fmt.Sprintf("%04s", dev)
	}
	if n := a.Uint("remapped_nvme", "hides_drives", 10, 16); n != nil {
		c.remapped = *n
	}
	p := &c.part
	if p.Driver = sysfs.Clean(props["DRIVER"]); p.Driver == "" {
		p.Driver = sysfs.Clean(linkBase(ctx, h, dir+"/driver"))
	}
	p.PCIAddress, p.ParentID, p.Sources = sysfs.Clean(address), inventory.IDOf("pci", sysfs.Clean(address)), []string{dir}
	p.ControllerKind = c.kind()
	subDevice := a.Hex("subsystem_device", "model", 4)
	if p.ControllerKind != "raid" && p.ControllerKind != "hba" {
		subDevice = "" // a chipset's function: the board's name is the mainboard's
	}
	p.Vendor, p.Model = pciNames(c.vendor, c.device, c.subVendor, subDevice)
	p.Health = inventory.HealthUnknown
	c.errs = leavesOf(a.Err())
	return c
}

func leavesOf(err error) []error {
	if err == nil {
		return nil
	}
	return leaves(err)
}

func uevent(text []byte) map[string]string {
	props := map[string]string{}
	for line := range bytes.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(string(line)), "="); ok {
			props[k] = v
		}
	}
	return props
}

// pciNames names a function: the board's own name where the table has it.
func pciNames(vendor, device, subVendor, subDevice string) (vendorName, name string) {
	v, ok1 := hex16(vendor)
	d, ok2 := hex16(device)
	if !ok1 || !ok2 {
		return "", ""
	}
	vendorName, _ = pciids.Vendor(v)
	name, _ = pciids.Device(v, d)
	sv, ok1 := hex16(subVendor)
	sd, ok2 := hex16(subDevice)
	if ok1 && ok2 {
		if board, ok := pciids.Subsystem(v, d, sv, sd); ok && board != "" {
			name = board
		}
	}
	return vendorName, name
}

func hex16(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 16, 16)
	return uint16(n), err == nil
}

// kind says what the controller is. Class codes: PCI Code and ID Assignment
// Specification, base class 01h.
func (c *controller) kind() string {
	switch {
	case c.part.Driver == "virtio-pci" || c.vendor == "1af4":
		return "virtio"
	case raidDriver(c.part.Driver), c.bootRAID():
		return "raid"
	}
	switch c.class[:4] {
	case "0101":
		return "ide"
	case "0104":
		return "raid"
	case "0106":
		return "ahci"
	case "0108":
		return "nvme"
	}
	return "hba"
}

// wanted: functions that are the drive itself are told of as drives.
func (c *controller) wanted() bool {
	switch {
	case c.class == "":
		return false
	case strings.HasPrefix(c.class, "0108"):
		return c.bootRAID()
	case c.vendor == "1af4" && (c.device == "1001" || c.device == "1042"): // virtio block
		return false
	}
	return true
}

// hostAttrs are those by which a driver tells of its adapter.
func hostAttrs(driver string) []string {
	switch driver {
	case "hpsa", "smartpqi", "aacraid":
		return []string{"firmware_revision", "firmware_version", "model", "serial_number"}
	case "lpfc":
		return []string{"fwrev", "modelname", "serialnum"}
	case "qla2xxx":
		return []string{"fw_version", "model_name", "serial_num"}
	case "megaraid_sas":
		return nil // its firmware is asked
	}
	return []string{"version_fw", "version_bios", "board_name", "board_tracer", "host_sas_address"}
}

// readHosts reads the SCSI hosts: which function each belongs to, and what its
// driver tells of the adapter. Sources: drivers/scsi/mpt3sas/mpt3sas_ctl.c,
// hpsa.c, smartpqi/smartpqi_init.c, lpfc/lpfc_attr.c, qla2xxx/qla_attr.c.
func readHosts(ctx context.Context, h *host.Host, controllers map[string]*controller) error {
	names, err := list(ctx, h, hostClass)
	slices.SortFunc(names, inventory.CompareNatural)
	for _, name := range names {
		link, linkErr := h.Readlink(ctx, hostClass+"/"+name)
		if linkErr != nil {
			continue // its devices are found all the same
		}
		at := decodePlace(link)
		c := controllers[at.function()]
		if c == nil || at.bus == busUSB {
			continue
		}
		p := &c.part
		p.Hosts = append(p.Hosts, name)
		if p.ControllerKind == "ahci" || p.ControllerKind == "ide" || p.ControllerKind == "virtio" {
			continue
		}
		dir := hostClass + "/" + name
		a := sysfs.Read(ctx, h, p.ID, dir, hostAttrs(p.Driver)...)
		for _, n := range [...]string{"version_fw", "firmware_version", "firmware_revision", "fwrev", "fw_version"} {
			set(&p.Firmware, a.Text(n, "firmware"))
		}
		for _, n := range [...]string{"board_name", "model", "modelname", "model_name"} {
			set(&p.Model, a.Text(n, "model"))
		}
		for _, n := range [...]string{"board_tracer", "serial_number", "serialnum", "serial_num"} {
			set(&p.SerialNumber, a.Text(n, "serial_number"))
		}
		if v := known(a.Text("version_bios", "bios")); strings.Trim(v, "0.") != "" {
			p.BIOS = v
		}
		p.SASAddress = hexOnly(strings.TrimPrefix(a.Text("host_sas_address", "sas_address"), "0x"), 16)
		c.errs = append(c.errs, leavesOf(a.Err())...)
	}
	return err
}
