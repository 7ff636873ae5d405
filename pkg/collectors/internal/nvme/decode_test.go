package nvme_test

import (
	"bytes"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/inventory"
)

func TestDecodeController(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeController(controllerPage())
	if err != nil {
		t.Fatal(err)
	}
	want := &nvme.Controller{
		VendorID: 0x144D, SubsystemVendorID: 0x1028,
		SerialNumber: "S4YPNE0R400123", ModelNumber: "Dell Ent NVMe PM1735a MU 1.6TB", FirmwareRevision: "2.1.8",
		IEEEOUI: "002538", ControllerID: 0x41, Version: nvme.Version1_4, Type: nvme.ControllerTypeIO, MultiPath: 3, MaxTransfer: 9, Attributes: 0x12,
		OptionalAdmin: 0x5F, OptionalNVM: 0x5F, LogAttributes: 0xF, ErrorLogEntries: 256, PowerStates: 5,
		FirmwareSlots: 3, FirmwareSlot1RO: true, Sanitize: 3,
		WarningTempKelvin: new(uint16(343)), CriticalTempKelvin: new(uint16(356)),
		TotalCapacity: &nvme.Uint128{Lo: 1600321314816}, UnallocatedCapacity: &nvme.Uint128{Lo: 4096},
		Namespaces: 32, SubsystemNQN: "nqn.1994-11.com.samsung:nvme:PM1735a:2.5-inch:S4YPNE0R400123",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !got.SupportsSelfTest() || !got.SupportsNamespaceManagement() || !got.SupportsSMARTPerNamespace() ||
		!got.SupportsNamespaceIDs() || !got.SupportsActiveNamespaces() || !got.SupportsLogs() {
		t.Error("a claim is not seen")
	}
	if !got.MultiPath.MultiPort() || !got.MultiPath.MultiController() || got.MultiPath.VirtualFunction() {
		t.Error("CMIC")
	}
}

func TestControllerThatSaysNothing(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]byte{"zeros": 0, "blanks": ' ', "ones": 0xFF} {
		got, err := nvme.DecodeController(bytes.Repeat([]byte{fill}, 4096))
		if err != nil {
			t.Fatal(err)
		}
		if got.SerialNumber+got.ModelNumber+got.FirmwareRevision+got.SubsystemNQN != "" {
			t.Errorf("%s: text %q", name, got.SerialNumber)
		}
		if fill == 0 && (got.WarningTempKelvin != nil || got.TotalCapacity != nil || got.IEEEOUI != "" || got.FRUGUID != "" || got.Version.String() != "" ||
			got.SupportsSelfTest() || got.SupportsActiveNamespaces()) {
			t.Errorf("zeros became values: %+v", got)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	p := controllerPage()
	copy(p[4:24], "AB\x07C\xFFD \x00junk after the end")
	got, err := nvme.DecodeController(p)
	if err != nil || got.SerialNumber != "AB?C?D" {
		t.Errorf("serial %q, %v", got.SerialNumber, err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for v, want := range map[nvme.Version]string{0: "", 0x010200: "1.2", 0x010201: "1.2.1", 0x020000: "2.0"} {
		if got := v.String(); got != want {
			t.Errorf("%#x: %q, want %q", uint32(v), got, want)
		}
	}
}

func TestDecodeNamespace(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeNamespace(namespacePage())
	if err != nil {
		t.Fatal(err)
	}
	want := &nvme.NamespaceInfo{
		SizeBlocks: 1000, CapacityBlocks: 900, UsedBlocks: 800, BlockBytes: new(uint32(4096)), MetadataBytes: 8, Format: 1,
		Formats:       []nvme.LBAFormat{{BlockBytes: 512, Performance: 2}, {BlockBytes: 4096, MetadataBytes: 8}, {}},
		CapacityBytes: &nvme.Uint128{Lo: 4096000},
		EUI64:         "0025388a01020304", NGUID: "0102030405060708090a0b0c0d0e0f10", Shared: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if size, ok := got.SizeBytes(); !ok || size != 4096000 {
		t.Error(size, ok)
	}
	if used, ok := got.UsedBytes(); !ok || used != 800*4096 {
		t.Error(used, ok)
	}
}

func TestNamespaceEdges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit      func(page)
		wantBlock uint32 // 0 = not known
		wantSize  bool
	}{
		"format beyond the list": {func(p page) { p.u8(26, 3) }, 0, false},
		"reserved block size":    {func(p page) { p.u8(26, 2) }, 0, false},
		"size overflows":         {func(p page) { p.u64(0, 1<<60) }, 4096, false},
		"upper index bits":       {func(p page) { p.u8(25, 63); p.u8(26, 0x21); p.u32(128+4*17, 9<<16) }, 512, true},
		"upper bits of old":      {func(p page) { p.u8(26, 0x61) }, 4096, true},
		"too many formats":       {func(p page) { p.u8(25, 255) }, 4096, true},
	} {
		p := namespacePage()
		tt.edit(p)
		got, err := nvme.DecodeNamespace(p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if (got.BlockBytes == nil) != (tt.wantBlock == 0) || got.BlockBytes != nil && *got.BlockBytes != tt.wantBlock {
			t.Errorf("%s: block %v", name, got.BlockBytes)
		}
		if _, ok := got.SizeBytes(); ok != tt.wantSize {
			t.Errorf("%s: size known %v", name, ok)
		}
	}
	if got, err := nvme.DecodeNamespace(make([]byte, 4096)); err != nil || !got.Inactive() || got.BlockBytes != nil {
		t.Errorf("inactive: %+v %v", got, err)
	}
}

func TestDecodeNamespaceIDs(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeNamespaceIDs(idsPage())
	if err != nil {
		t.Fatal(err)
	}
	want := &nvme.NamespaceIDs{EUI64: "0025380102030405", UUID: "00010203-0405-0607-0809-0a0b0c0d0e0f", CommandSet: new(uint8(2))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, edit := range map[string]func(page){
		"wrong length":   func(p page) { p.u8(1, 9) },
		"passes the end": func(p page) { copy(p, bytes.Repeat([]byte{0x70, 251, 0, 0}, 1024)); p.put(4096-255, 0x70, 252) },
	} {
		p := idsPage()
		edit(p)
		if got, err := nvme.DecodeNamespaceIDs(p); !errors.Is(err, inventory.ErrMalformed) || got != nil {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestDecodeNamespaceList(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeNamespaceList(listPage(3, 7, 9, 0, 12), 2)
	if diff := cmp.Diff([]uint32{3, 7, 9}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err := nvme.DecodeNamespaceList(listPage(), 0); got == nil || len(got) != 0 || err != nil {
		t.Errorf("empty list: %v %v", got, err)
	}
	if got, err := nvme.DecodeNamespaceList(fullListPage(1), 0); len(got) != 1024 || err != nil {
		t.Errorf("full list: %d %v", len(got), err)
	}
	for _, ids := range [][]uint32{{2}, {3, 3}, {5, 4}} {
		if got, err := nvme.DecodeNamespaceList(listPage(ids...), 2); !errors.Is(err, inventory.ErrMalformed) || got != nil {
			t.Errorf("%v after 2: %v %v", ids, got, err)
		}
	}
}

func TestDecodeSMART(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeSMART(smartPage())
	if err != nil {
		t.Fatal(err)
	}
	u := func(lo uint64) nvme.Uint128 { return nvme.Uint128{Lo: lo} }
	want := &nvme.SMARTLog{
		CriticalWarning: 0x85, TempCelsius: new(41),
		Sensors:               []nvme.TempSensor{{Number: 1, TempCelsius: 45}, {Number: 3, TempCelsius: 60}},
		AvailableSparePercent: new(uint8(97)), SpareThresholdPercent: new(uint8(10)), PercentageUsed: 103, EnduranceGroupWarning: 1,
		DataUnitsRead: nvme.Uint128{Hi: 1, Lo: 1000}, DataUnitsWritten: u(1001), HostReads: u(1002), HostWrites: u(1003), BusyMinutes: u(1004),
		PowerCycles: u(1005), PowerOnHours: u(1006), UnsafeShutdowns: u(1007), MediaErrors: u(1008), ErrorLogEntries: u(1009),
		WarningTempMinutes: 7, CriticalTempMinutes: 8,
		ThermalTransitionsLight: 1, ThermalTransitionsHeavy: 2, ThermalSecondsLight: 3, ThermalSecondsHeavy: 4,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"available_spare_low", "reliability_degraded", "unknown_0x80"}, got.CriticalWarning.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"temperature_out_of_range", "read_only", "volatile_backup_failed", "persistent_memory_unreliable", "unknown_0x40"}, nvme.CriticalWarning(0x7A).Names()); diff != "" {
		t.Error(diff)
	}
	p := smartPage()
	p.u16(1, 0)
	p.u8(3, 255)
	if got, err := nvme.DecodeSMART(p); err != nil || got.TempCelsius != nil || got.AvailableSparePercent != nil {
		t.Errorf("sentinels: %+v %v", got, err)
	}
}

func TestDecodeFirmwareLog(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeFirmwareLog(firmwarePage())
	want := &nvme.FirmwareLog{ActiveSlot: 1, NextSlot: 2, Revisions: [7]string{"2.1.8", "2.2.0"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDecodeErrorLog(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeErrorLog(errorPage())
	want := []nvme.ErrorEntry{
		{Count: 0x1_0000_0001, QueueID: 1, CommandID: 0x1234, Status: 0x2002, LBA: 99, NSID: 2},
		{Count: 0x1_0000_0000},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err := nvme.DecodeErrorLog(make([]byte, 64)); got == nil || len(got) != 0 || err != nil {
		t.Errorf("empty log: %v %v", got, err)
	}
	if got, err := nvme.DecodeErrorLog(bytes.Repeat([]byte{1}, 256*64)); len(got) != 64 || err != nil {
		t.Errorf("long log: %d %v", len(got), err)
	}
}

func TestDecodeSelfTestLog(t *testing.T) {
	t.Parallel()
	got, err := nvme.DecodeSelfTestLog(selfTestPage())
	want := &nvme.SelfTestLog{
		Running: nvme.SelfTestExtended, CompletedPercent: 33,
		Results: []nvme.SelfTest{
			{Type: nvme.SelfTestShort, Result: nvme.SelfTestPassed, PowerOnHours: 1234},
			{
				Type: nvme.SelfTestExtended, Result: nvme.SelfTestFailedSegment, Segment: 5, PowerOnHours: 1200,
				NSID: new(uint32(1)), FailingLBA: new(uint64(0xABCDEF)), Status: new(nvme.Status(0x281)),
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if !got.Results[1].Result.Failed() || got.Results[0].Result.Failed() {
		t.Error("Failed")
	}
	if got, err := nvme.DecodeSelfTestLog(make([]byte, 564)); err != nil || len(got.Results) != 0 {
		t.Errorf("log of zeros: %+v %v", got, err)
	}
}

func TestSelfTestNames(t *testing.T) {
	t.Parallel()
	var results, types []string
	for i := range 16 {
		results = append(results, nvme.SelfTestResult(i).String())
		types = append(types, nvme.SelfTestType(i).String())
	}
	if got, want := strings.Join(results, " "), "passed aborted_by_command aborted_by_reset aborted_namespace_removed aborted_by_format fatal_error failed_unknown_segment failed_segment aborted_unknown aborted_by_sanitize unknown_0x0a unknown_0x0b unknown_0x0c unknown_0x0d unknown_0x0e unknown_0x0f"; got != want {
		t.Error(got)
	}
	if got := strings.Join(types[:3], " ") + " " + types[14] + " " + types[15]; got != "none short extended vendor unknown_0x0f" {
		t.Error(got)
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		b []byte
		f func([]byte) error
	}{
		"controller": {controllerPage(), func(b []byte) error { _, err := nvme.DecodeController(b); return err }},
		"namespace":  {namespacePage(), func(b []byte) error { _, err := nvme.DecodeNamespace(b); return err }},
		"ids":        {idsPage(), func(b []byte) error { _, err := nvme.DecodeNamespaceIDs(b); return err }},
		"list":       {listPage(1), func(b []byte) error { _, err := nvme.DecodeNamespaceList(b, 0); return err }},
		"smart":      {smartPage(), func(b []byte) error { _, err := nvme.DecodeSMART(b); return err }},
		"firmware":   {firmwarePage(), func(b []byte) error { _, err := nvme.DecodeFirmwareLog(b); return err }},
		"error":      {errorPage()[:64], func(b []byte) error { _, err := nvme.DecodeErrorLog(b); return err }},
		"self-test":  {selfTestPage(), func(b []byte) error { _, err := nvme.DecodeSelfTestLog(b); return err }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, tt.b, tt.f)
		})
	}
}

func TestUint128(t *testing.T) {
	t.Parallel()
	for _, u := range []nvme.Uint128{
		{},
		{Lo: 1},
		{Lo: 1<<64 - 1},
		{Hi: 1},
		{Hi: 1 << 63, Lo: 7},
		{Hi: 1<<64 - 1, Lo: 1<<64 - 1},
		{Hi: 5, Lo: 7766279631452241920}, // 10^20
		{Hi: 5421010862427522170, Lo: 687399551400673280}, // 10^38
	} {
		want := new(big.Int).Lsh(new(big.Int).SetUint64(u.Hi), 64)
		want.Or(want, new(big.Int).SetUint64(u.Lo))
		if got := u.String(); got != want.String() {
			t.Errorf("%v: %s, want %s", u, got, want)
		}
		for _, n := range []uint64{0, 1, nvme.DataUnitBytes, 1<<64 - 1} {
			product := new(big.Int).Mul(want, new(big.Int).SetUint64(n))
			got, ok := u.Mul(n)
			if ok != (product.BitLen() <= 128) || ok && got.String() != product.String() {
				t.Errorf("%v * %d = %v %v, want %s", u, n, got, ok, product)
			}
		}
		if v, ok := u.Uint64(); ok != want.IsUint64() || ok && v != want.Uint64() {
			t.Errorf("%v.Uint64 = %d %v", u, v, ok)
		}
	}
}
