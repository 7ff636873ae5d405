package pcie_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

func read(t *testing.T, m *machine) (map[string]inventory.PCIeDevice, []error) {
	t.Helper()
	list, err := pcie.Read(t.Context(), m.Host())
	if list == nil {
		t.Fatal("nothing read: ", err)
	}
	sameBothWays(t, m)
	all := map[string]inventory.PCIeDevice{}
	for _, d := range list {
		all[d.Address] = d
	}
	return all, leaves(err)
}

func TestReadWhole(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:3a/0000:3a:00.0", port(rootPort, 4, gen3, 8, gen3, 16).with(attrs{"power_state": "D0\n"}))
	m.add("pci0000:3a/0000:3a:00.0/0000:3b:00.0", card(0x020000, gen3, 8, gen3, 8).with(attrs{
		"power_state":    "D0\n",
		"numa_node":      "1\n",
		"enable":         "1\n",
		"iommu_group@":   "../../../../kernel/iommu_groups/42",
		"label":          "NIC 1\n",
		"resource":       "0x0000000000000000 0x00000000000fffff 0x0000000020140204\n0x0000000000000000 0x0000000000000000 0x0000000000000000\n0x0000000000001000 0x000000000000101f 0x0000000000040101\n",
		"sriov_totalvfs": "63\n",
		"sriov_numvfs":   "1\n",

		"aer_dev_correctable": "RxErr 3\nBadTLP 0\nTOTAL_ERR_COR 3\n",
		"aer_dev_nonfatal":    "Undefined 0\nCmpltTO 2\nTOTAL_ERR_NONFATAL 2\n",
		"aer_dev_fatal":       "Undefined 0\nCmpltTO 0\nTOTAL_ERR_FATAL 0\n",

		"vpd": "\x82\x03\x00abc\x90\x0c\x00PN\x03X-1SN\x03123\x78",
	}))
	m.add("pci0000:3a/0000:3a:00.0/0000:3b:10.0", attrs{
		"uevent":  uevent("", "20000", "8086:10ED", "8086:000C"),
		"config":  space{vendor: 0xFFFF, device: 0xFFFF, class: 0x020000, express: endpoint, slot: -1, maxSpeed: gen3, maxWidth: 8}.encode(),
		"physfn@": "../0000:3b:00.0",
	}.with(attrs{"current_link_speed": "Unknown\n", "current_link_width": "0\n", "max_link_speed": "8.0 GT/s PCIe\n", "max_link_width": "8\n"}))

	all, errs := read(t, m)
	if len(errs) > 0 {
		t.Errorf("errors: %v", errs)
	}
	dir := devices + "0000:3b:00.0"
	want := inventory.PCIeDevice{
		Meta: inventory.Meta{
			ID: "pci:0000:3b:00.0", ParentID: "pci:0000:3a:00.0", Sources: []string{dir, dir + "/config", dir + "/vpd"},
		},
		Address: "0000:3b:00.0", ClassID: "020000", Class: "Ethernet controller",
		VendorID: "8086", DeviceID: "10fb", SubsystemVendorID: "8086", SubsystemDeviceID: "000c",
		Vendor: "Intel Corporation", Device: "82599ES 10-Gigabit SFI/SFP+ Network Connection",
		Subsystem: "Ethernet Server Adapter X520-2",
		Revision:  "01", Driver: "ixgbe", NUMANode: new(1), IOMMUGroup: new(42),
		Slot: "4", Label: "NIC 1", Parent: "0000:3a:00.0", SerialNumber: "001018ffff123456",
		PortType: "endpoint", PowerState: "D0", Enabled: new(true),
		Link: &inventory.PCIeLink{
			CurrentSpeedGTs: new(8.0), MaxSpeedGTs: new(8.0), CurrentWidth: new(8), MaxWidth: new(8),
			AttainableSpeedGTs: new(8.0), AttainableWidth: new(8), Degraded: new(false),
		},
		AER: &inventory.AER{
			Correctable: new(uint64(3)), Nonfatal: new(uint64(2)), Fatal: new(uint64(0)),
			Kinds: map[string]uint64{"RxErr": 3, "CmpltTO": 2},
		},
		VPD:            &inventory.VPD{Name: "abc", PartNumber: "X-1", SerialNumber: "123"},
		VFs:            &inventory.VirtualFunctions{Total: new(63), Enabled: new(1)},
		UnassignedBARs: []int{0},
		OffBus:         new(false),
	}
	if d := cmp.Diff(want, all["0000:3b:00.0"]); d != "" {
		t.Error(d)
	}
	vf := all["0000:3b:10.0"]
	if vf.Link != nil || vf.VirtualFunctionOf != "0000:3b:00.0" || vf.DeviceID != "10ed" || vf.Slot != "4" {
		t.Errorf("virtual function: %+v", vf)
	}
	if l := all["0000:3a:00.0"].Link; l == nil || l.Degraded != nil || *l.MaxWidth != 16 {
		t.Errorf("port: %+v", l)
	}
}

// TestVMD: behind Intel VMD a domain of five digits has a root bus of its own.
func TestVMD(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:80/0000:80:05.5", attrs{"uevent": uevent("vmd", "10400", "8086:201D", "8086:0000")})
	m.add("pci0000:80/0000:80:05.5/pci10001:80/10001:80:02.0", port(rootPort, 7, gen3, 4, gen3, 4))
	m.add("pci0000:80/0000:80:05.5/pci10001:80/10001:80:02.0/10001:81:00.0", card(0x010802, gen3, 4, gen3, 4))
	list, err := pcie.Read(t.Context(), m.Host())
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	var got []string
	for _, d := range list {
		got = append(got, d.Address+" "+d.Parent+" "+d.Slot)
	}
	want := []string{"0000:80:05.5  ", "10001:80:02.0 0000:80:05.5 ", "10001:81:00.0 10001:80:02.0 7"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAbsentAndDenied(t *testing.T) {
	t.Parallel()
	m := newMachine()
	if list, err := pcie.Read(t.Context(), m.Host()); list != nil || err != nil {
		t.Errorf("no PCI: %v, %v", list, err)
	}
	m.Errors["/sys/bus/pci/devices"] = fs.ErrPermission
	list, err := pcie.Read(t.Context(), m.Host())
	var part *inventory.PartError
	if list != nil || !errors.Is(err, fs.ErrPermission) || !errors.As(err, &part) || part.Source != "/sys/bus/pci/devices" {
		t.Errorf("denied: %v, %v", list, err)
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{pcie.Collector(m.Host())})
	if o := r.Collectors[0]; o.Name != "pcie" || o.Status != inventory.StatusDenied || r.PCIeDevices != nil {
		t.Errorf("%+v", o)
	}
}

func TestEmptyBusIsAnEmptyList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := static(t, dir, "/sys/bus/pci/devices/")
	list, err := pcie.Read(t.Context(), h)
	if list == nil || len(list) != 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:00.0", card(0x020000, gen3, 8, gen3, 8))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if list, err := pcie.Read(ctx, m.Host()); list != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", list, err)
	}
}

// TestIdentity takes away one source of the ids after the other.
func TestIdentity(t *testing.T) {
	t.Parallel()
	full := attrs{
		"uevent": uevent("nvme", "10802", "144D:A808", "144D:A801"),
		"vendor": "0x144d\n", "device": "0xa808\n", "class": "0x010802\n",
		"subsystem_vendor": "0x144d\n", "subsystem_device": "0xa801\n", "revision": "0x01\n",
		"modalias": "pci:v0000144Dd0000A808sv0000144Dsd0000A801bc01sc08i02\n",
		"driver@":  "../../../bus/pci/drivers/nvme",
		"config": space{vendor: 0x144D, device: 0xA808, class: 0x010802, express: -1, slot: -1}.encode()[:0x2C] +
			"\x4d\x14\x01\xa8" + strings.Repeat("\x00", 16),
	}
	without := func(names ...string) attrs {
		a := full.with(nil)
		for _, n := range names {
			delete(a, n)
		}
		return a
	}
	ids := []string{"vendor", "device", "class", "subsystem_vendor", "subsystem_device"}
	for name, test := range map[string]struct {
		attrs attrs
		lacks string
	}{
		"all":             {full, ""},
		"no config":       {without("config"), ""},
		"no uevent":       {without("uevent"), ""},
		"no vendor":       {without("uevent", "vendor", "config"), ""},
		"modalias alone":  {without(append(ids, "uevent", "config", "revision")...), "revision"},
		"config alone":    {without(append(ids, "uevent", "modalias", "revision")...), ""},
		"uevent alone":    {without(append(ids, "config", "modalias", "revision", "driver@")...), "revision"},
		"garbled uevent":  {full.with(attrs{"uevent": "PCI_ID=zz:\nPCI_CLASS=1234567\n=\n"}), ""},
		"half of uevent":  {full.with(attrs{"uevent": "PCI_ID=144D:A808\n"}), ""},
		"empty modalias":  {full.with(attrs{"modalias": "", "uevent": ""}), ""},
		"zero subsystems": {full.with(attrs{"subsystem_vendor": "0x0000\n", "subsystem_device": "0x0000\n"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			m.add("pci0000:00/0000:00:1d.0", test.attrs)
			all, errs := read(t, m)
			if len(errs) > 0 {
				t.Error(errs)
			}
			d := all["0000:00:1d.0"]
			got := []string{d.ClassID, d.VendorID, d.DeviceID, d.SubsystemVendorID, d.SubsystemDeviceID, d.Driver, d.Revision}
			want := []string{"010802", "144d", "a808", "144d", "a801", "nvme", "01"}
			if test.lacks == "revision" {
				want[6] = ""
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNoSubsystem: 0000 is how a function says that it names none.
func TestNoSubsystem(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:00.0", attrs{"uevent": uevent("", "60000", "8086:0D57", "0000:0000")})
	m.add("pci0000:00/0000:00:01.0", attrs{"vendor": "0x8086", "device": "0x0d57", "class": "0x060000", "subsystem_vendor": "0x0000", "subsystem_device": "0x0000", "numa_node": "-1\n"})
	all, errs := read(t, m)
	for a, d := range all {
		if d.SubsystemVendorID != "" || d.SubsystemDeviceID != "" || d.NUMANode != nil {
			t.Errorf("%s: %+v %v", a, d, errs)
		}
	}
}
