package pcie_test

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

const dmiTable = "/sys/firmware/dmi/tables/DMI"

func (m *machine) firmware(structures ...*smbiostest.Structure) {
	table := smbiostest.Table(structures...)
	m.Files[dmiTable] = string(table)
	m.Files["/sys/firmware/dmi/tables/smbios_entry_point"] = string(smbiostest.Entry3(3, 3, 0, len(table)))
}

func TestSlots(t *testing.T) {
	t.Parallel()
	const inUse, available = 4, 3
	m := newMachine()
	// Slot 1: named by firmware through the card's address.
	m.add("pci0000:00/0000:00:01.0", port(rootPort, 11, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:01.0/0000:01:00.0", card(0x020000, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:01.0/0000:01:00.1", card(0x020000, gen3, 8, gen3, 8))
	// Slot 2: named by firmware through the port's address, which shares its
	// device number with another port.
	m.add("pci0000:00/0000:00:01.1", port(rootPort, 12, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:01.1/0000:02:00.0", card(0x020000, gen3, 8, gen3, 8))
	// Slot 3: named by the kernel; the card has a switch.
	m.add("pci0000:00/0000:00:02.0", port(rootPort, 13, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0/0000:03:00.0", port(upstreamPort, -1, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0/0000:03:00.0/0000:04:08.0", port(downstreamPort, -1, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0/0000:03:00.0/0000:04:08.0/0000:05:00.0", card(0x030200, gen3, 8, gen3, 8))
	// Slot 4: known from the port's registers alone.
	m.add("pci0000:00/0000:00:03.0", port(rootPort, 14, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:03.0/0000:06:00.0", card(0x020000, gen3, 8, gen3, 8))
	// On the board.
	m.add("pci0000:00/0000:00:1f.2", card(0x010601, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:1f.3", card(0x0C0500, gen3, 8, gen3, 8).with(attrs{"label": "kernel's\n"}))
	// Firmware says empty; what the address means is then not known.
	m.add("pci0000:00/0000:00:05.0", card(0x020000, gen3, 8, gen3, 8))
	m.Files["/sys/bus/pci/slots/3/address"] = "0000:03:00\n"
	m.Files["/sys/bus/pci/slots/7/address"] = "0000:07\n"
	m.Files["/sys/bus/pci/slots/8/address"] = "nowhere\n"
	m.Files["/sys/bus/pci/slots/9/address"] = "0000:09:00\n"
	m.Errors["/sys/bus/pci/slots/9/address"] = syscall.EIO
	m.add("pci0000:00/0000:07:00.0", card(0x020000, gen3, 8, gen3, 8))
	slot := func(i uint16, name string, usage, bus, devfn uint8) *smbiostest.Structure {
		return smbiostest.Slot(i, name, i, bus, devfn).U8(0x07, usage)
	}
	m.firmware(
		slot(1, "PCIe Slot 1", inUse, 0x01, 0x00),
		slot(2, "PCIe Slot 2", inUse, 0x00, 0x01<<3|1),
		slot(5, "PCIe Slot 5", available, 0x00, 0x05<<3),
		smbiostest.OnboardDevice(1, "SATA controller", 0x89, 0x00, 0x1F<<3|2),
		smbiostest.OnboardDevice(2, "firmware's", 0x81, 0x00, 0x1F<<3|3),
		smbiostest.OnboardDevice(3, "switched off", 0x05, 0x00, 0x05<<3),
	)

	all, errs := read(t, m)
	if len(errs) != 2 || !errors.Is(errs[0], inventory.ErrMalformed) || !errors.Is(errs[1], syscall.EIO) {
		t.Errorf("%v", errs)
	}
	got := map[string][2]string{}
	for a, d := range all {
		if d.Slot != "" || d.Label != "" {
			got[a] = [2]string{d.Slot, d.Label}
		}
	}
	want := map[string][2]string{
		"0000:01:00.0": {"PCIe Slot 1", ""},
		"0000:01:00.1": {"PCIe Slot 1", ""},
		"0000:02:00.0": {"PCIe Slot 2", ""},
		"0000:03:00.0": {"3", ""},
		"0000:04:08.0": {"3", ""},
		"0000:05:00.0": {"3", ""},
		"0000:06:00.0": {"14", ""},
		"0000:07:00.0": {"7", ""},
		"0000:00:1f.2": {"", "SATA controller"},
		"0000:00:1f.3": {"", "kernel's"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestSlotsThatClaimOneDevice: of several slots in use that are said to hold
// the same function none is believed; the same name twice is one slot.
func TestSlotsThatClaimOneDevice(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:01.0", port(rootPort, 11, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:01.0/0000:01:00.0", card(0x010802, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0", port(rootPort, 12, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0/0000:02:00.0", card(0x010802, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0/0000:02:00.1", card(0x010802, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:1f.2", card(0x010601, gen3, 8, gen3, 8))
	slot := func(i uint16, name string, bus, devfn uint8) *smbiostest.Structure {
		return smbiostest.Slot(i, name, i, bus, devfn).U8(0x07, 4)
	}
	m.firmware(
		slot(1, "PCIE1", 0x01, 0), slot(2, "M2_1", 0x01, 0), slot(3, "M2_2", 0x01, 0),
		slot(4, "PCIE4", 0x02, 0), slot(5, "PCIE4", 0x02, 0),
		slot(6, "J6D1", 0x00, 0xFF), // no device: all bits of device and function set
	)
	all, errs := read(t, m)
	got := map[string]string{}
	for a, d := range all {
		if d.Slot != "" {
			got[a] = d.Slot
		}
	}
	want := map[string]string{"0000:01:00.0": "11", "0000:02:00.0": "PCIE4", "0000:02:00.1": "PCIE4"}
	if d := cmp.Diff(want, got); d != "" || len(errs) > 0 {
		t.Error(d, errs)
	}
}

// TestSlotsDenied: names that could not be read are an issue, and cost nothing
// else.
func TestSlotsDenied(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:01.0", card(0x020000, gen3, 8, gen3, 8))
	m.Errors["/sys/bus/pci/slots"] = fs.ErrPermission
	m.Files[dmiTable] = "x"
	m.Errors[dmiTable] = fs.ErrPermission
	all, errs := read(t, m)
	if len(all) != 1 || len(errs) != 2 {
		t.Fatalf("%v %v", all, errs)
	}
	for _, e := range errs {
		if !errors.Is(e, fs.ErrPermission) {
			t.Errorf("%v", e)
		}
	}
}
