package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/bee/test/lab/ipmigen"
	"example.com/bee/test/lab/smbiosgen"
)

// RunDir stands for the run's folder in the arguments of a [Profile].
const RunDir = "{run}"

// Profile is an emulated machine: how QEMU makes it, and in Facts what was
// plugged in. It is a plain value; change it as a test needs.
type Profile struct {
	Name, About string

	CPU, SMP, Memory, Machine string // QEMU's -cpu, -smp, -m and -M.
	NVMeModel                 string // 14 characters instead of QEMU's own.
	UEFI                      bool

	SMBIOS    *Firmware // Exact tables; nil leaves QEMU's own.
	BMC       *BMC
	Disks     []Disk
	Arguments []string // Further QEMU arguments; RunDir is replaced.
	Append    []string // Words of the kernel's command line.
	Modules   []string // Loaded at boot: "name" or "name:param=value+param=value".
	PCITree   []byte   // Of package pciblob: shown as PCI domain 1000 by labpci.

	Facts Facts
}

// Firmware is the SMBIOS data that the guest's firmware publishes.
type Firmware struct {
	Tables smbiosgen.Tables
	// Structures go through QEMU one by one (UEFI firmware takes no others).
	Structures []smbiosgen.Structure
}

// BMC is a simulated management controller behind a KCS interface.
type BMC struct {
	Config   ipmigen.BMC
	EmuFile  string // A captured ipmi_sim command file, used as it is instead of Config.
	Internal bool   // QEMU's own small BMC: no simulator, no readings.
}

// Disk is a sparse raw file in the run's folder: ID.img.
type Disk struct {
	ID   string
	Size int64
}

// arg adds arguments.
func (p *Profile) arg(words ...string) { p.Arguments = append(p.Arguments, words...) }

// device adds a -device.
func (p *Profile) device(format string, args ...any) {
	p.arg("-device", fmt.Sprintf(format, args...))
}

// disk adds a file and a -drive backend with its id.
func (p *Profile) disk(id string, size int64) {
	p.Disks = append(p.Disks, Disk{id, size})
	p.arg("-drive", fmt.Sprintf("if=none,id=%s,format=raw,file=%s/%s.img,cache=unsafe", id, RunDir, id))
}

// smbios sets tables and facts.
func (p *Profile) smbios(m smbiosgen.Machine, v smbiosgen.Variant) error {
	tables, err := smbiosgen.Encode(m, v)
	if err != nil {
		return err
	}
	p.SMBIOS = &Firmware{Tables: tables}
	p.Facts.SMBIOS = smbiosgen.Plugged(m, v)
	return nil
}

// Setting is what follows the profile's name after a colon, like "badlen" in
// "faulty-smbios:badlen".
type maker struct {
	name, about, settings string
	make                  func(setting string) (Profile, error)
}

func makers() []maker {
	return []maker{
		{"server", "two sockets, two NUMA nodes, 8 DIMM slots, NVMe, SATA, SAS, MegaRAID, BMC with two power supplies", "SMBIOS variant", serverProfile},
		{"desktop", "one SATA SSD, one NIC, no BMC; QEMU's own SMBIOS tables", "", desktopProfile},
		{"big", "many drives: NVMe behind root ports, SATA, SAS", "NVMe,SATA,SAS counts (64,0,0); append ,flat for NVMe on the root complex", bigProfile},
		{"faulty-io", "drives with read errors and drives that can be made to hang", "", faultyIOProfile},
		{"faulty-smart", "faulty-io with an NVMe critical warning and a SCSI informational exception", "critical warning bits (12)", faultySmartProfile},
		{"faulty-bmc", "server with a troubled BMC", "badfru | psufail | nofru", faultyBMCProfile},
		{"faulty-smbios", "the server's tables, damaged, on a small machine", "SMBIOS variant (cutshort)", faultySMBIOSProfile},
		{"uefi", "OVMF, 64-bit SMBIOS entry point, one NVMe", "", uefiProfile},
		{"pcie", "hot-plug slots, SR-IOV, zoned and shared namespaces, four NIC models", "", pcieProfile},
		{"small", "one NVMe and QEMU's own BMC: boots fast, for tests of the kernel modules", "", smallProfile},
		{"mmc", "an SD card, a USB stick and a USB-attached SCSI drive, virtio-blk", "", removableProfile},
		{"edac", "server with memory controllers; write \"MC DIMM ce|ue COUNT\" to /sys/module/labedac/parameters/inject", "", edacProfile},
		{"pcitree", "server with the PCI functions of another machine as domain 1000", "file with the output of lspci -D -xxxx", pciTreeProfile},
		{"nodmi", "server without any SMBIOS tables", "", noDMIProfile},
	}
}

// Names lists the profiles, one line of text each.
func Names() []string {
	var out []string
	for _, m := range makers() {
		line := fmt.Sprintf("%-14s %s", m.name, m.about)
		if m.settings != "" {
			line += "; NAME:SETTING sets " + m.settings
		}
		out = append(out, line)
	}
	return out
}

// Lookup makes a profile from its name, or from NAME:SETTING.
func Lookup(name string) (Profile, error) {
	base, setting, _ := strings.Cut(name, ":")
	for _, m := range makers() {
		if m.name != base {
			continue
		}
		if setting != "" && m.settings == "" {
			return Profile{}, fmt.Errorf("profile %s: takes no setting", base)
		}
		p, err := m.make(setting)
		if err != nil {
			return Profile{}, fmt.Errorf("profile %s: %w", name, err)
		}
		p.Name, p.About = name, m.about
		return p, nil
	}
	var known []string
	for _, m := range makers() {
		known = append(known, m.name)
	}
	return Profile{}, fmt.Errorf("profile %q: unknown, want one of %s", name, strings.Join(known, ", "))
}

// UseTables takes the firmware's tables from a folder with the two files of
// /sys/firmware/dmi/tables.
func (p *Profile) UseTables(dir string) error {
	anchor, err := os.ReadFile(filepath.Join(dir, "smbios_entry_point"))
	if err != nil {
		return err
	}
	table, err := os.ReadFile(filepath.Join(dir, "DMI"))
	if err != nil {
		return err
	}
	p.SMBIOS = &Firmware{Tables: smbiosgen.Tables{Anchor: anchor, Table: table}}
	return nil
}
