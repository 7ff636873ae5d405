//go:build lab

// Tests on an emulated machine: `go test -tags lab ./test/lab/`. One file per
// subject compares the report with a witness in the same boot.
//
//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"strings"
	"testing"

	"example.com/bee/test/lab"
	"example.com/bee/test/lab/smbiosgen"
)

func TestServer(t *testing.T) {
	b := boot(t, "server", nil, append([]lab.Job{audit()}, platformWitnesses()...)...)
	b.silent(t)
	r := b.report(t)
	t.Run("host", func(t *testing.T) { compareHost(t, b, r) })
	t.Run("smbios", func(t *testing.T) { compareSMBIOS(t, b, r) })
	t.Run("plugged", func(t *testing.T) { comparePlugged(t, b.facts, r) })
	t.Run("pcie", func(t *testing.T) { comparePCI(t, b, r) })
}

func TestDesktop(t *testing.T) {
	b := boot(t, "desktop", nil, append([]lab.Job{audit()}, platformWitnesses()...)...)
	b.silent(t)
	r := b.report(t)
	t.Run("host", func(t *testing.T) { compareHost(t, b, r) })
	t.Run("smbios", func(t *testing.T) { compareSMBIOS(t, b, r) })
	t.Run("pcie", func(t *testing.T) { comparePCI(t, b, r) })
	if r.BMC != nil || r.PowerSupplies != nil {
		t.Error("a machine without BMC has one in its report")
	}
}

// TestDamagedSMBIOS wants from each damaged table all that dmidecode still
// reads, and exit 0.
func TestDamagedSMBIOS(t *testing.T) {
	for _, v := range smbiosgen.Variants() {
		if v == smbiosgen.Whole {
			continue
		}
		t.Run(string(v), func(t *testing.T) {
			b := boot(t, "faulty-smbios:"+string(v), nil, append([]lab.Job{audit()}, platformWitnesses()...)...)
			b.silent(t)
			compareSMBIOS(t, b, b.report(t))
		})
	}
}

func TestNoDMI(t *testing.T) {
	b := boot(t, "nodmi", nil, append([]lab.Job{audit()}, platformWitnesses()[1:]...)...)
	r := b.report(t)
	if r.Board != nil {
		t.Errorf("a board without SMBIOS: %+v", r.Board)
	}
	comparePCI(t, b, r)
}

func TestUEFI(t *testing.T) {
	b := boot(t, "uefi", nil, append([]lab.Job{audit()}, platformWitnesses()...)...)
	r := b.report(t)
	compareSMBIOS(t, b, r)
	if r.Host == nil || r.Host.BootMode != "uefi" {
		t.Errorf("boot mode of %+v, want uefi", r.Host)
	}
}

// TestOrdinaryUser wants less than root gets, never nothing, and to be told.
func TestOrdinaryUser(t *testing.T) {
	j := audit()
	j.UID = 65534
	b := boot(t, "server", nil, append([]lab.Job{j}, platformWitnesses()...)...)
	r := b.report(t)
	if len(r.PCIeDevices) == 0 || r.Host == nil {
		t.Error("nothing for an ordinary user")
	}
	denied := false
	for _, i := range r.Issues {
		denied = denied || strings.Contains(string(i.Kind), "denied")
	}
	if !denied {
		t.Error("no issue says that something was denied")
	}
}

// TestEDAC wants the errors of the memory controllers at the right slots.
func TestEDAC(t *testing.T) {
	inject := lab.Shell("inject", `for e in "0 1 ce 3" "1 2 ue 1"; do echo "$e" > /sys/module/labedac/parameters/inject; done`)
	b := boot(t, "edac", nil, inject, audit())
	b.text(t, "inject")
	c := newChecker(t)
	r := b.report(t)
	if r.Memory == nil {
		t.Fatal("no memory")
	}
	for _, m := range r.Memory.Modules {
		if m.SizeBytes == nil {
			continue
		}
		corrected, uncorrected := 0, 0
		switch m.Slot {
		case "A2":
			corrected = 3
		case "B3":
			uncorrected = 1
		}
		said(c, m.Slot+": corrected", m.CorrectedErrors, corrected, true)
		said(c, m.Slot+": uncorrected", m.UncorrectedErrors, uncorrected, true)
	}
}

// TestPCITree compares functions that no driver is bound to: a GPU on a
// narrow link, serial numbers, a second PCI domain.
func TestPCITree(t *testing.T) {
	b := boot(t, "pcitree", nil, append([]lab.Job{audit()}, platformWitnesses()...)...)
	r := b.report(t)
	comparePCI(t, b, r)
	for _, d := range r.PCIeDevices {
		if d.Address != "1000:18:00.0" {
			continue
		}
		if d.Link == nil || d.Link.Degraded == nil || !*d.Link.Degraded {
			t.Errorf("%s: link %+v, want degraded", d.Address, d.Link)
		}
		return
	}
	t.Error("1000:18:00.0: missing")
}
