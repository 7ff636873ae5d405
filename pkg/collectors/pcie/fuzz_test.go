package pcie_test

import (
	"testing"

	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// FuzzRead reads a function whose every attribute is hostile: whatever they
// say, both functions are reported, and nothing in them is out of range.
func FuzzRead(f *testing.F) {
	good := card(0x020000, gen3, 8, gen3, 8)
	f.Add("8.0 GT/s PCIe\n", "8\n", []byte(good["uevent"]), []byte(good["config"]), "RxErr 3\nTOTAL_ERR_COR 3\n",
		"pci:v0000144Dd0000A808sv0000144Dsd0000A801bc01sc08i02\n", []byte("\x90\x06\x00SN\x03123\x78"), "0x0 0xff 0x200\n", "1\n", "../../../pci0000:00/0000:00:01.0/0000:01:00.0")
	f.Add("Unknown", "255", []byte("PCI_ID=:\nPCI_CLASS=\n=\n"), []byte(good["config"])[:64], "TOTAL_ERR_COR 18446744073709551615",
		"pci:v", []byte("\x90\xff\x7f\x53\x4e"), "", "-1", "/")
	f.Fuzz(func(t *testing.T, speed, width string, event, config []byte, aer, alias string, vpd []byte, resource, number, target string) {
		m := newMachine()
		m.add("pci0000:00/0000:00:01.0", port(rootPort, 1, gen3, 8, gen3, 8))
		m.add("pci0000:00/0000:00:01.0/0000:01:00.0", attrs{
			"uevent": string(event), "modalias": alias, "vendor": number, "class": number, "config": string(config),
			"current_link_speed": speed, "max_link_speed": speed, "current_link_width": width, "max_link_width": width,
			"aer_dev_correctable": aer, "aer_dev_fatal": aer, "vpd": string(vpd), "resource": resource,
			"numa_node": number, "enable": number, "sriov_totalvfs": number, "label": target, "power_state": alias,
			"iommu_group@": target, "physfn@": target, "driver@": target,
		})
		m.Files["/sys/bus/pci/slots/1/address"] = width
		list, err := pcie.Read(t.Context(), m.Host())
		if len(list) != 2 {
			t.Fatalf("%d functions, %v", len(list), err)
		}
		for _, d := range list {
			check(t, d)
		}
		sameBothWays(t, m)
	})
}

func check(t *testing.T, d inventory.PCIeDevice) {
	t.Helper()
	for _, id := range []struct {
		text   string
		digits int
	}{
		{d.VendorID, 4},
		{d.DeviceID, 4},
		{d.SubsystemVendorID, 4},
		{d.SubsystemDeviceID, 4},
		{d.ClassID, 6},
		{d.Revision, 2},
		{d.SerialNumber, 16},
	} {
		if id.text != "" && len(id.text) != id.digits {
			t.Errorf("%q is not of %d digits", id.text, id.digits)
		}
		for _, c := range id.text {
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				t.Errorf("%q is not lower-case hex", id.text)
			}
		}
	}
	if d.NUMANode != nil && *d.NUMANode < 0 || d.IOMMUGroup != nil && *d.IOMMUGroup < 0 {
		t.Errorf("%+v", d)
	}
	if l := d.Link; l != nil && l.CurrentWidth != nil && (*l.CurrentWidth < 0 || *l.CurrentWidth > 32) {
		t.Errorf("%+v", l)
	}
}
