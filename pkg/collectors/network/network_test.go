package network_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/network"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab/sffgen"
)

var errInvalid = &fs.PathError{Op: "read", Path: "attribute", Err: syscall.EINVAL}

func factory(h *host.Host) inventory.Collector { return network.Collector(h) }

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, factory, collectortest.OnMachine("server", machine(t)))
}

// names lists what was found.
func names(nics []inventory.NIC) string {
	var all []string
	for _, n := range nics {
		all = append(all, n.Name)
	}
	return strings.Join(all, " ")
}

func byName(nics []inventory.NIC, name string) inventory.NIC {
	i := slices.IndexFunc(nics, func(n inventory.NIC) bool { return n.Name == name })
	if i < 0 {
		return inventory.NIC{}
	}
	return nics[i]
}

func TestServer(t *testing.T) {
	t.Parallel()
	nics, err := network.Read(t.Context(), machine(t).Host())
	if err != nil {
		t.Error(err)
	}
	if got, want := names(nics), "eno1 ens3 eth0 eth1 mlx4_0 usb0"; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	eth0 := byName(nics, "eth0")
	module := eth0.Module
	eth0.Module = nil
	want := inventory.NIC{
		Meta: inventory.Meta{ID: "nic:0000:3b:00.0", ParentID: "pci:0000:3b:00.0", Sources: []string{"/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0/net/eth0", "ethtool"}},
		Name: "eth0", Type: "ethernet", MAC: "02:00:00:00:00:b0", PermanentMAC: "02:00:00:00:01:00", MACAssignment: "set",
		Driver: "i40e", Firmware: "9.20 0x8000d8c5", PCIAddress: "0000:3b:00.0", PortName: "p0", PortID: "3cfdfe000001", PortType: "fibre",
		AdminUp: new(true), OperState: "up", LinkUp: new(true), SpeedMbps: new(uint32(10000)), Duplex: "full", Autoneg: new(false),
		MaxSpeedMbps: new(uint32(25000)), AdvertisedMaxSpeedMbps: new(uint32(25000)), SupportedModes: []string{"10000baseSR/Full", "25000baseSR/Full"},
		FEC: &inventory.NICFEC{Active: "rs", Auto: new(false)}, MTU: new(uint32(1500)), CarrierChanges: new(uint64(3)), NUMANode: new(1),
		Master:   &inventory.NICMaster{Name: "bond0", Type: "bond", Mode: "802.3ad", State: "active", MIIStatus: "up", LinkFailures: new(uint64(1)), AggregatorID: new(uint32(1))},
		Counters: &inventory.NICCounters{RxPackets: "18446744073709551615", RxCRCErrors: new(uint64(7))},
	}
	if diff := cmp.Diff(want, eth0); diff != "" {
		t.Error(diff)
	}
	if module == nil || module.SerialNumber != "AC25SR000017" || *module.TempCelsius != 41.5 || len(module.Lanes) != 1 || module.Thresholds["temp_celsius"].HighAlarm != 75 {
		t.Errorf("%+v", module)
	}
	if m := byName(nics, "eth1").Module; m == nil || m.Type != "QSFP28" || len(m.Lanes) != 4 || *m.Lanes[2].RxPowerMilliwatts != 0 {
		t.Errorf("%+v", m)
	}

	// An interface that is down: EINVAL is no error.
	eno1 := byName(nics, "eno1")
	if *eno1.AdminUp || eno1.LinkUp != nil || eno1.SpeedMbps != nil || eno1.OperState != "down" || eno1.NUMANode != nil {
		t.Errorf("%+v", eno1)
	}
	ens3 := byName(nics, "ens3")
	if diff := cmp.Diff(&inventory.NICVirtualFunctions{Enabled: new(uint32(1)), Total: new(uint32(8))}, ens3.VirtualFunctions); diff != "" {
		t.Error(diff)
	}
	if *ens3.LinkUp || ens3.SpeedMbps != nil || len(ens3.RDMA) != 1 || ens3.RDMA[0].LinkLayer != "ethernet" || ens3.RDMA[0].PortGUID != "" || ens3.Firmware != "2.42.5000" {
		t.Errorf("%+v", ens3)
	}
	wantPort := inventory.RDMAPort{
		Device: "mlx4_0", Port: 1, LinkLayer: "infiniband", NodeGUID: "0002:c903:0011:2230", SystemGUID: "0002:c903:0011:2233", PortGUID: "0002:c903:0011:2231",
		State: "init", PhysState: "linkup", RateGbps: new(40.0), Width: "4X QDR", LID: new(uint32(5)),
		Firmware: "2.42.5000", BoardID: "MT_1090120019", AdapterType: "MT4099", HardwareRevision: "1", Counters: map[string]uint64{"symbol_error": 12},
	}
	mlx4 := byName(nics, "mlx4_0")
	if diff := cmp.Diff([]inventory.RDMAPort{wantPort}, mlx4.RDMA); diff != "" || mlx4.PCIAddress != "0000:82:00.0" || mlx4.Type != "infiniband" || *mlx4.LinkUp {
		t.Error(diff, mlx4)
	}
	usb := byName(nics, "usb0")
	if usb.BMCLink == nil || !*usb.BMCLink || usb.USBID != "046b:ffb0" || usb.BusAddress != "1-3:1.0" || usb.PCIAddress != "" || usb.ParentID != "pci:0000:00:14.0" || usb.ID != "nic:1-3:1.0" {
		t.Errorf("%+v", usb)
	}
}

func TestAbsentAndEmpty(t *testing.T) {
	t.Parallel()
	nics, err := network.Read(t.Context(), (&hosttest.Source{}).Host())
	if nics != nil || err != nil {
		t.Errorf("no network: %v %v", nics, err)
	}
	s := &hosttest.Source{Links: map[string]string{"/sys/class/net/lo": "../../devices/virtual/net/lo"}}
	if nics, err = network.Read(t.Context(), s.Host()); nics == nil || len(nics) != 0 || err != nil {
		t.Errorf("lo alone: %v %v", nics, err)
	}
}

// parts lists what the errors are about.
func parts(err error) []string {
	var all []string
	var walk func(error)
	walk = func(err error) {
		if j, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range j.Unwrap() {
				walk(e)
			}
			return
		}
		var p *inventory.PartError
		if errors.As(err, &p) {
			all = append(all, p.ComponentID+" "+p.Field+" "+string(inventory.KindOf(err)))
		}
	}
	if err != nil {
		walk(err)
	}
	return all
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	eth0 := "/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0/net/eth0"
	id := "nic:0000:3b:00.0"
	device := func(n nic) func(*testing.T, *hosttest.Source) {
		return func(t *testing.T, s *hosttest.Source) {
			t.Helper()
			s.Devices["ethtool /sys/class/net/eth0"] = n.device(t)
		}
	}
	unplug := func(t *testing.T, s *hosttest.Source, errno uint32) {
		t.Helper()
		s.Devices["ethtool /sys/class/net/eth0"] = fakedev.NewFunc(t, host.Ethtool, func(_ context.Context, req host.Request) (host.Response, error) {
			data, no := nic{}.answer(req)
			if req.Command[0] == 1 && req.Command[1] == 31 {
				no = errno
			}
			return host.Response{Status: le32(no), Data: data}, nil
		})
	}
	for name, test := range map[string]struct {
		change func(*testing.T, *hosttest.Source)
		issues []string
		check  func(inventory.NIC) bool
	}{
		"an attribute": {
			func(_ *testing.T, s *hosttest.Source) { s.Errors[eth0+"/mtu"] = syscall.EIO },
			[]string{id + " mtu io"},
			func(n inventory.NIC) bool { return n.MTU == nil && n.Firmware != "" },
		},
		"nonsense": {
			func(_ *testing.T, s *hosttest.Source) {
				s.Files[eth0+"/speed"], s.Files[eth0+"/carrier"], s.Files[eth0+"/duplex"] = "fast\n", "2\n", "quarter\n"
				s.Files[eth0+"/address"] = "zz:00:00:00:00:00\n"
			},
			[]string{id + " mac malformed", id + " link_up malformed", id + " speed_mbps malformed", id + " duplex malformed"},
			func(n inventory.NIC) bool { return n.MAC == "" && n.LinkUp == nil },
		},
		"a bond without groups": {
			func(_ *testing.T, s *hosttest.Source) {
				s.Files[eth0+"/bonding_slave/ad_aggregator_id"] = "N/A\n"
				s.Files["/sys/devices/virtual/net/bond0/bonding/mode"] = "active-backup 1\n"
			},
			nil, func(n inventory.NIC) bool { return n.Master.AggregatorID == nil && n.Master.Mode == "active-backup" },
		},
		"denied by the attribute": {
			func(_ *testing.T, s *hosttest.Source) { s.Errors[eth0+"/speed"] = fs.ErrPermission },
			[]string{id + " speed_mbps denied"},
			nil,
		},
		"an ordinary user":  {device(nic{errno: 1}), []string{id + " firmware denied", id + " permanent_mac denied", id + " supported_modes denied", id + " fec denied", id + " module denied"}, func(n inventory.NIC) bool { return n.MAC != "" && n.PermanentMAC == "02:00:00:00:01:00" }},
		"an old driver":     {device(nic{errno: 95}), nil, func(n inventory.NIC) bool { return *n.SpeedMbps == 10000 && n.Module == nil }},
		"no ethtool":        {func(_ *testing.T, s *hosttest.Source) { delete(s.Devices, "ethtool /sys/class/net/eth0") }, nil, func(n inventory.NIC) bool { return n.Firmware == "" && len(n.Sources) == 1 }},
		"no module":         {func(t *testing.T, s *hosttest.Source) { t.Helper(); unplug(t, s, 19) }, nil, func(n inventory.NIC) bool { return n.Module == nil }},
		"module must be":    {func(t *testing.T, s *hosttest.Source) { t.Helper(); unplug(t, s, 5) }, []string{id + " module io"}, nil},
		"module may be":     {func(t *testing.T, s *hosttest.Source) { t.Helper(); unplug(t, s, 5); s.Files[eth0+"/carrier"] = "0\n" }, nil, nil},
		"module of no kind": {device(nic{module: make([]byte, 512)}), nil, func(n inventory.NIC) bool { return n.Module == nil }},
		"module of new kind": {device(nic{module: append([]byte{0x77}, make([]byte, 511)...)}), nil, func(n inventory.NIC) bool {
			return n.Module != nil && n.Module.Type == "unknown_0x77" && n.Module.Vendor == ""
		}},
		"timeout": {device(nic{errno: 110}), []string{id + " firmware timeout"}, func(n inventory.NIC) bool { return n.MAC != "" }},
		"gone while reading": {
			func(_ *testing.T, s *hosttest.Source) { s.Errors["/sys/class/net/eth0"] = syscall.EIO },
			[]string{"  io"},
			func(n inventory.NIC) bool { return n.Name == "" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := machine(t)
			test.change(t, s)
			nics, err := network.Read(t.Context(), s.Host())
			if diff := cmp.Diff(test.issues, parts(err)); diff != "" {
				t.Errorf("%s\n%v", diff, err)
			}
			if n := byName(nics, "eth0"); test.check != nil && !test.check(n) {
				t.Errorf("%+v", n)
			}
			if byName(nics, "eth1").Module == nil {
				t.Error("the neighbour suffered")
			}
		})
	}
}

// TestHang: an attribute and a driver that never answer cost themselves.
func TestHang(t *testing.T) {
	t.Parallel()
	s := machine(t)
	s.Hang = map[string]bool{"/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0/net/eth0/carrier": true}
	block := make(chan struct{})
	s.Devices["ethtool /sys/class/net/eth1"] = fakedev.New(t, host.Ethtool, fakedev.Exchange{Block: block})
	h := s.Host()
	begun := time.Now()
	nics, err := network.Read(t.Context(), h)
	close(block)
	s.Release()
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	eth0, eth1 := byName(nics, "eth0"), byName(nics, "eth1")
	if eth0.LinkUp != nil || eth0.Firmware == "" || eth0.SpeedMbps == nil || eth1.MAC == "" || eth1.Firmware != "" || len(nics) != 6 {
		t.Errorf("%+v\n%+v", eth0, eth1)
	}
	if diff := cmp.Diff([]string{"nic:0000:3b:00.0 link_up timeout", "nic:0000:3b:00.1 firmware timeout"}, parts(err)); diff != "" {
		t.Error(diff)
	}
}

// TestTwoOfOne: two interfaces of one function that say nothing more.
func TestTwoOfOne(t *testing.T) {
	t.Parallel()
	s := &hosttest.Source{Files: map[string]string{}, Links: map[string]string{}}
	for _, n := range []string{"a0", "a1", "a2"} {
		dir := add(s, n, "pci0000:00/0000:00:01.0", "x", nil)
		if n == "a2" {
			s.Files[dir+"/dev_port"], s.Files[dir+"/dev_id"] = "0\n", "0x1\n"
		}
	}
	add(s, "end0", "platform/1c30000.ethernet", "dwmac", nil)
	nics, err := network.Read(t.Context(), s.Host())
	var ids []string
	for _, n := range nics {
		ids = append(ids, n.ID)
	}
	if diff := cmp.Diff([]string{"nic:0000:00:01.0", "nic:0000:00:01.0#2", "nic:0000:00:01.0/port1", "nic:1c30000.ethernet"}, ids); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestModules reads each kind of module, and only the spans that hold no
// latched flags.
func TestModules(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"sfp": "SFP", "sfp-dac": "SFP", "qsfp": "QSFP28", "qsfp-dac": "QSFP+", "cmis": "QSFP-DD", "cmis-dac": "OSFP"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := machine(t)
			memory := sffgen.Example(name)
			dev := fakedev.NewFunc(t, host.Ethtool, func(_ context.Context, req host.Request) (host.Response, error) {
				data, errno := nic{module: memory}.answer(req)
				return host.Response{Status: le32(errno), Data: data}, nil
			})
			s.Devices["ethtool /sys/class/net/eth0"] = dev
			nics, err := network.Read(t.Context(), s.Host())
			n := byName(nics, "eth0")
			if err != nil || n.Module == nil || n.Module.Type != want || n.Module.Vendor != "ACME OPTICS" {
				t.Errorf("%+v %v", n.Module, err)
			}
			for _, req := range dev.Requests() {
				if req.Command[0] != 1 || req.Command[1] != 31 {
					continue
				}
				from, n, page, address := int(req.Data[4]), int(req.Data[12]), int(req.Data[20]), req.Data[36]
				if touches(memory[0], address, page, from, n) {
					t.Errorf("read %d-%d of page %02xh at %02xh: flags that clear when read", from, from+n-1, page, address)
				}
			}
		})
	}
}

// touches says whether a span holds flags that are latched until they are read.
func touches(identifier, address uint8, page, from, n int) bool {
	over := func(first, last int) bool { return from <= last && from+n > first }
	switch identifier {
	case 0x03:
		return address == 0x51 && over(112, 119)
	case 0x11, 0x0D:
		return page == 0 && over(3, 21)
	default:
		return page == 0 && over(8, 13) || page == 0x11 && over(134, 153)
	}
}

func BenchmarkRead(b *testing.B) {
	h := machine(b).Host()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := network.Read(b.Context(), h); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzAttributes(f *testing.F) {
	f.Add("10000", "1", "full", "02:00:00:00:00:01", "100 Gb/sec (4X EDR)", "../../devices/pci0000:00/0000:00:01.0/virtio2/net/eth0")
	f.Add("-1", "", "unknown", "zz", "4: ACTIVE", "x")
	f.Fuzz(func(t *testing.T, speed, carrier, duplex, mac, rate, link string) {
		s := &hosttest.Source{Files: map[string]string{}, Links: map[string]string{}}
		dir := add(s, "eth0", "pci0000:00/0000:00:01.0", "x", map[string]string{
			"speed": speed, "carrier": carrier, "duplex": duplex, "address": mac, "type": speed, "mtu": carrier, "phys_port_id": mac, "addr_assign_type": speed, "operstate": rate,
		})
		rdmaFiles(s, "/sys/devices/pci0000:00/0000:00:01.0/infiniband/m0", duplex, rate, rate)
		s.Links["/sys/class/infiniband/m0"] = "../../devices/pci0000:00/0000:00:01.0/infiniband/m0"
		s.Links["/sys/class/net/eth1"] = link
		s.Links[dir+"/master"] = link
		nics, err := network.Read(t.Context(), s.Host())
		if nics == nil {
			t.Error("nothing:", err)
		}
		if _, err := json.Marshal(nics); err != nil {
			t.Error(err)
		}
	})
}

// TestUnreadableIndex: what was read before an interface had a name is its.
func TestUnreadableIndex(t *testing.T) {
	t.Parallel()
	s := machine(t)
	dir := "/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0/net/eth0/"
	if s.Errors == nil {
		s.Errors = map[string]error{}
	}
	s.Errors[dir+"dev_port"], s.Errors[dir+"dev_id"] = syscall.EIO, syscall.EIO
	_, err := network.Read(t.Context(), s.Host())
	if diff := cmp.Diff([]string{"nic:0000:3b:00.0 port_index io", "nic:0000:3b:00.0 port_index io"}, parts(err)); diff != "" {
		t.Error(diff)
	}
}
