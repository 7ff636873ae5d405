package megaraid_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func check[T any](t *testing.T, name string, got T, err error, want T) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

func TestDecodeController(t *testing.T) {
	t.Parallel()
	got, err := megaraid.DecodeController(controllerPage())
	check(t, "controller", got, err, &megaraid.Controller{
		VendorID: 0x1000, DeviceID: 0x5D, SubsystemVendorID: 0x1028, SubsystemDeviceID: 0x1F49,
		ProductName: "PERC H730 Mini", SerialNumber: "62Q00FX", PackageVersion: "25.5.5.0005", HasBattery: true, MemoryMB: 1024,
		Components:    []megaraid.Component{{Name: "APP", Version: "4.650.00-8095"}, {Name: "BIOS", Version: "6.33.00.1"}},
		LogicalDrives: 2, LogicalDegraded: 1, Devices: 9, Disks: 8, DisksPredFailure: 1, DisksFailed: 2,
		MemoryCorrectedErrors: 3, MemoryUncorrectedErrors: 1,
	})
	if got.Component("APP") != "4.650.00-8095" || got.Component("NVDT") != "" {
		t.Error("Component")
	}
	p := controllerPage()
	p.u32(0xB4, 0xFFFFFFFF)
	if c, err := megaraid.DecodeController(p); err != nil || len(c.Components) != 2 {
		t.Error(c, err)
	}
	if c, err := megaraid.DecodeController(p[:2047]); !errors.Is(err, inventory.ErrMalformed) || c != nil {
		t.Error(c, err)
	}
}

func TestDecodeBattery(t *testing.T) {
	t.Parallel()
	got, err := megaraid.DecodeBattery(batteryPage())
	check(t, "battery", got, err, &megaraid.Battery{Type: megaraid.BatteryBBU, MilliVolts: 3950, MilliAmps: -10, TempCelsius: 31, Flags: 8, ChargePct: new(uint16(97))})
	for state, b := range map[string]megaraid.Battery{
		"missing": {Type: 2, Flags: 1}, "failed": {Type: 2, Flags: 1<<10 | 1<<1}, "degraded": {Type: 2, Flags: 1 << 11}, "learning": {Type: 2, Flags: 1 << 6}, "optimal": {Type: 5, Flags: 1<<3 | 1<<5},
	} {
		if b.State() != state {
			t.Errorf("%+v is %s", b, b.State())
		}
	}
	if (&megaraid.Battery{}).State() != "missing" {
		t.Error("none")
	}
	check(t, "flags", megaraid.BatteryFlags(1|1<<12|1<<31).Names(), nil, []string{"pack_missing", "learn_cycle_required", "unknown_bit31"})
	p := batteryPage()
	p.u16(34, 1000)
	if b, err := megaraid.DecodeBattery(p); err != nil || b.ChargePct != nil {
		t.Error(b, err)
	}
	if b, err := megaraid.DecodeBattery(p[:63]); !errors.Is(err, inventory.ErrMalformed) || b != nil {
		t.Error(b, err)
	}
}

func TestDecodePDList(t *testing.T) {
	t.Parallel()
	got, err := megaraid.DecodePDList(pdListPage())
	check(t, "list", got, err, &megaraid.PDList{Devices: []megaraid.PDAddress{
		{DeviceID: 8, Enclosure: 1, SASAddresses: []string{"5000c500a1b2c3d4"}},
		{DeviceID: 32, EnclosureID: new(uint16(32)), Enclosure: 1, Slot: 1, Type: scsi.TypeEnclosure, SASAddresses: []string{"5000c500a1b2c3d5"}},
	}})
	p := pdListPage()
	p.u32(4, 0xFFFFFFFF)
	if l, err := megaraid.DecodePDList(p); err != nil || !l.Truncated || len(l.Devices) != 4 {
		t.Error(l, err)
	}
	if l, err := megaraid.DecodePDList(p[:7]); !errors.Is(err, inventory.ErrMalformed) || l != nil {
		t.Error(l, err)
	}
}

func TestDecodePD(t *testing.T) {
	t.Parallel()
	got, err := megaraid.DecodePD(pdPage())
	if err != nil || got.Inquiry == nil || got.ID == nil {
		t.Fatal(got, err)
	}
	check(t, "inquiry", []string{got.Inquiry.Vendor, got.Inquiry.Product, got.Inquiry.Revision, got.Inquiry.VendorSpecific, got.ID.WWN()}, nil,
		[]string{"SEAGATE", "ST600MM0009", "CN04", "W0M0AAAA", "5000c500a1b2c3d4"})
	got.Inquiry, got.ID = nil, nil
	check(t, "drive", got, nil, &megaraid.PD{
		DeviceID: 8, EnclosureID: new(uint16(32)), Enclosure: 1, Slot: 7, State: megaraid.PDOnline,
		MediaErrors: 11, OtherErrors: 12, PredictedFailures: 13, LastPredFailEventNo: 14,
		RawBytes: new(uint64(1172123568 * 512)), BlockBytes: new(uint16(512)), TempCelsius: new(uint8(38)),
		LinkGbps: new(6.0), DeviceGbps: new(12.0), Interface: 2, SolidState: new(true), SpunDown: true, GlobalSpare: true, Spare: true, Foreign: true,
		SASAddresses: []string{"5000c500a1b2c3d5"}, DisabledForRemoval: true, BadBlockTableFull: true, UnusableInConfig: true,
	})
	// What QEMU's controller says: no INQUIRY, no newer fields.
	p := newPage(512)
	p[4], p[100] = 0x7F, 0x7F
	p.u16(256, 0xFFFF)
	got, err = megaraid.DecodePD(p)
	check(t, "little said", got, err, &megaraid.PD{})
	p.u64(232, 1000)
	p.u16(404, 4096)
	if got, err := megaraid.DecodePD(p); err != nil || got.RawBytes != nil {
		t.Error("size in blocks of 4096:", got.RawBytes, err)
	}
	p[401] = 3
	if got, err := megaraid.DecodePD(p); err != nil || got.SolidState == nil || *got.SolidState {
		t.Error("hard disk:", got, err)
	}
	if got, err := megaraid.DecodePD(p[:511]); !errors.Is(err, inventory.ErrMalformed) || got != nil {
		t.Error(got, err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var states, interfaces []string
	for _, s := range []megaraid.PDState{0, 1, 2, 0x10, 0x11, 0x14, 0x18, 0x20, 0x40, 0x77} {
		states = append(states, s.String())
	}
	check(t, "states", states, nil, []string{"unconfigured_good", "unconfigured_bad", "hot_spare", "offline", "failed", "rebuild", "online", "copyback", "jbod", "unknown_0x77"})
	for i := range 7 {
		interfaces = append(interfaces, megaraid.PDInterface(i).String())
	}
	check(t, "interfaces", interfaces, nil, []string{"", "parallel_scsi", "sas", "sata", "fc", "nvme", "unknown_0x06"})
	states = nil
	for i := range 5 {
		states = append(states, megaraid.LDState(i).String())
	}
	check(t, "logical", states, nil, []string{"offline", "partially_degraded", "degraded", "optimal", "unknown_0x04"})
}

func TestDecodeLD(t *testing.T) {
	t.Parallel()
	list, err := megaraid.DecodeLDList(ldListPage())
	check(t, "list", list, err, &megaraid.LDList{Drives: []megaraid.LDEntry{{State: megaraid.LDOptimal, SizeBytes: new(uint64(512000))}, {Target: 1, State: megaraid.LDDegraded}}})
	got, err := megaraid.DecodeLD(ldPage())
	check(t, "drive", got, err, &megaraid.LD{
		LDConfig: megaraid.LDConfig{
			Target: 1, Name: "data", Level: "raid10", State: megaraid.LDDegraded, Drives: 2, StripBytes: 65536, Consistent: true, WriteBack: true, Initialized: 1,
			Spans: []megaraid.Span{{Array: 4, StartBlock: 5, Blocks: 1000}, {Array: 5, StartBlock: 5, Blocks: 1000}},
		},
		SizeBytes: new(uint64(1024000)), Activities: []string{"consistency_check", "reconstruction"},
	})
	for want, levels := range map[string][][3]byte{
		"raid0": {{0, 0, 1}, {0, 3, 2}}, "raid1": {{1, 0, 1}}, "raid10": {{1, 3, 1}, {1, 0, 2}}, "raid5": {{5, 0, 1}}, "raid50": {{5, 3, 2}}, "raid60": {{6, 0, 2}},
		"raid3": {{3, 0, 1}}, "jbod": {{15, 0, 1}}, "raid1e": {{17, 0, 1}}, "concat": {{31, 0, 2}}, "unknown_0x77": {{0x77, 0, 1}},
	} {
		for _, l := range levels {
			p := append(ldConfig(0, l[0], l[1], l[2]), newPage(128)...)
			if got, err := megaraid.DecodeLD(p); err != nil || got.Level != want {
				t.Errorf("%v: %s, want %s", l, got.Level, want)
			}
		}
	}
	p := ldPage()
	p[35], p[37] = 200, 255
	if got, err := megaraid.DecodeLD(p); err != nil || got.StripBytes != 0 || len(got.Spans) != 8 {
		t.Error(got, err)
	}
	if got, err := megaraid.DecodeLD(p[:383]); !errors.Is(err, inventory.ErrMalformed) || got != nil {
		t.Error(got, err)
	}
	l := ldListPage()
	l.u32(0, 0x80000000)
	if list, err := megaraid.DecodeLDList(l); err != nil || !list.Truncated || len(list.Drives) != 64 {
		t.Error(len(list.Drives), err)
	}
	if list, err := megaraid.DecodeLDList(nil); !errors.Is(err, inventory.ErrMalformed) || list != nil {
		t.Error(list, err)
	}
}

func TestDecodeConfig(t *testing.T) {
	t.Parallel()
	// The stride is told plainly, or with room to grow, or (QEMU) as the length
	// of the whole section.
	for _, strides := range [][2]int{{288, 256}, {300, 272}, {576, 512}} {
		p := configPage(strides[0], strides[1])
		got, err := megaraid.DecodeConfig(p)
		if err != nil || got.Truncated || len(got.Arrays) != 2 || len(got.Drives) != 2 {
			t.Fatal(strides, got, err)
		}
		check(t, "array", got.Arrays[0], nil, megaraid.Array{Ref: 4, Members: []megaraid.Member{{DeviceID: new(uint16(8)), State: megaraid.PDOnline}, {State: megaraid.PDOnline, Slot: 1}}})
		check(t, "spares", got.Spares, nil, []megaraid.Spare{{DeviceID: 20}, {DeviceID: 21, Arrays: []uint16{5}}})
		for target, want := range map[uint8][]uint16{0: {8, 10, 11}, 1: {8}, 9: nil} {
			ids, missing := got.Members(target)
			check(t, "members", ids, nil, want)
			if wantMissing := min(len(want), 1); missing != wantMissing {
				t.Errorf("%d missing of %d", missing, target)
			}
		}
		for n := 32; n < len(p); n++ {
			if got, err := megaraid.DecodeConfig(p[:n]); err != nil || !got.Truncated {
				t.Fatalf("%d bytes: %+v %v", n, got, err)
			}
		}
	}
	p := configPage(288, 256)
	p.u16(4, 0xFFFF)
	p.u32(0, 0xFFFFFFFF)
	if got, err := megaraid.DecodeConfig(p); err != nil || !got.Truncated {
		t.Error(got, err)
	}
	if got, err := megaraid.DecodeConfig(p[:31]); !errors.Is(err, inventory.ErrMalformed) || got != nil {
		t.Error(got, err)
	}
}
