//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"fmt"
	"strings"
	"testing"

	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// TestPluggedIn tests the lab itself: what a profile claims to have plugged in
// is what the witnesses see.
func TestPluggedIn(t *testing.T) {
	jobs := append(platformWitnesses(),
		lab.Shell("lsblk", "lsblk -J -b -O"),
		lab.Shell("smart", `for d in /dev/sd? /dev/nvme?; do smartctl -j -x $d > /out/smart-${d##*/}.json; done
			h=$(grep -l megaraid_sas /sys/class/scsi_host/host*/proc_name | tr -dc 0-9)
			mknod /dev/megaraid_sas_ioctl_node c $(awk '/megaraid_sas_ioctl/{print $1}' /proc/devices) 0
			for i in 0 1; do smartctl -j -i -d megaraid,$i /dev/bus/$h > /out/smart-mr$i.json; done; true`),
		lab.Shell("fru", "ipmitool fru print"),
		lab.Shell("sensor", "ipmitool sensor"),
		lab.Shell("sel", "ipmitool sel elist"),
		lab.Shell("nics", `for n in /sys/class/net/e*; do ethtool -P ${n##*/} | sed 's/.*: //'; done`),
	)
	b := boot(t, "server", nil, jobs...)
	t.Run("memory", func(t *testing.T) { pluggedMemory(t, b) })
	t.Run("links", func(t *testing.T) { pluggedLinks(t, b) })
	t.Run("drives", func(t *testing.T) { pluggedDrives(t, b) })
	t.Run("bmc", func(t *testing.T) { pluggedBMC(t, b) })
	t.Run("nics", func(t *testing.T) {
		macs := b.text(t, "nics")
		for _, n := range b.facts.NICs {
			if !strings.Contains(macs, n.MAC) {
				t.Errorf("no interface has %s: %s", n.MAC, macs)
			}
		}
	})
}

func pluggedMemory(t *testing.T, b booted) {
	t.Helper()
	c := newChecker(t)
	dimms := witness.OfType(b.dmi(t), 17)
	i := 0
	for _, a := range b.facts.SMBIOS.Arrays {
		for _, d := range a.Devices {
			if i >= len(dimms) {
				t.Fatalf("dmidecode does not see %s", d.Locator)
			}
			texts(c, d.Locator, dimms[i], map[string]string{
				"Locator": d.Locator, "Serial Number": d.SerialNumber, "Part Number": d.PartNumber, "Manufacturer": d.Manufacturer, "Asset Tag": d.AssetTag,
			})
			size, _ := dimms[i].SizeBytes("Size")
			same(c, d.Locator+": size", size, d.SizeBytes)
			i++
		}
	}
	same(c, "slots", len(dimms), i)
	for i, p := range witness.OfType(b.dmi(t), 39) {
		serial, _ := p.Value("Serial Number")
		same(c, "supply serial", serial, b.facts.SMBIOS.Supplies[i].SerialNumber)
	}
}

func pluggedLinks(t *testing.T, b booted) {
	t.Helper()
	c := newChecker(t)
	seen := map[string]witness.PCI{}
	for _, p := range b.pci(t) {
		seen[p.Address] = p
	}
	for _, l := range b.facts.Links {
		p := seen[l.PCIAddress]
		if p.Link == nil {
			t.Errorf("%s: lspci sees no link", l.PCIAddress)
			continue
		}
		same(c, l.PCIAddress, *p.Link, witness.PCILink{Speed: l.SpeedGTs, MaxSpeed: l.MaxSpeedGTs, Width: l.Width, MaxWidth: l.MaxWidth})
		same(c, l.PCIAddress+": node", p.NUMANode, l.NUMANode)
		if l.Slot != "" {
			same(c, l.PCIAddress+": slot", p.PhysicalSlot, l.Slot)
		}
	}
	for _, n := range b.facts.NICs {
		same(c, n.PCIAddress+": driver", seen[n.PCIAddress].Driver, n.Driver)
	}
	for _, k := range b.facts.Controllers {
		same(c, k.PCIAddress+": driver", seen[k.PCIAddress].Driver, k.Driver)
	}
}

func pluggedDrives(t *testing.T, b booted) {
	t.Helper()
	c := newChecker(t)
	bySerial := map[string]witness.Smartctl{}
	for _, name := range []string{"sda", "sdb", "sdc", "sdd", "sde", "sdf", "nvme0", "nvme1", "mr0", "mr1"} {
		s, err := witness.ParseSmartctl(b.file(t, "smart-"+name+".json"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		bySerial[s.Serial] = s
	}
	for _, d := range b.facts.Drives {
		s, ok := bySerial[d.Serial]
		if !ok {
			c.wrong++
			t.Errorf("%s: smartctl sees no such serial", d.Serial)
			continue
		}
		same(c, d.Serial+": model", s.Model(), d.Model)
		same(c, d.Serial+": wwn", s.WWN(), d.WWN)
		if d.Firmware != "" {
			same(c, d.Serial+": firmware", s.FirmwareRevision(), d.Firmware)
		}
		if d.Protocol != "nvme" {
			said(c, d.Serial+": rotation", s.RotationRate, *d.RotationRPM, true)
			if s.UserCapacity != nil {
				same(c, d.Serial+": size", int64(s.UserCapacity.Bytes), d.SizeBytes)
			}
		}
	}
}

func pluggedBMC(t *testing.T, b booted) {
	t.Helper()
	c := newChecker(t)
	frus := map[int]witness.FRU{}
	for _, f := range witness.IpmitoolFRU(b.text(t, "fru")) {
		frus[f.ID] = f
	}
	for _, f := range b.facts.BMC.FRUs {
		got := frus[int(f.ID)].Fields
		same(c, fmt.Sprint("fru ", f.ID), got["Board Serial"], f.Board.SerialNumber)
		same(c, fmt.Sprint("fru ", f.ID), got["Product Serial"], f.Product.SerialNumber)
		same(c, fmt.Sprint("fru ", f.ID), got["Product Name"], f.Product.Name)
	}
	readings := map[string]witness.Reading{}
	for _, r := range witness.IpmitoolSensor(b.text(t, "sensor")) {
		readings[r.Name] = r
	}
	for _, s := range b.facts.BMC.Sensors {
		if r := readings[s.Name]; !s.Discrete && present(c, s.Name, r.Value) {
			same(c, s.Name, int(*r.Value), s.Value())
		}
	}
	same(c, "events", len(witness.IpmitoolSEL(b.text(t, "sel"))), len(b.facts.BMC.Events))
}
