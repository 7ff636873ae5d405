package pciconf_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/inventory"
)

func TestDecodeEndpoint(t *testing.T) {
	t.Parallel()
	got, err := pciconf.Decode(endpoint())
	if err != nil {
		t.Fatal(err)
	}
	want := &pciconf.Config{
		VendorID: new(uint16(0xE001)), DeviceID: new(uint16(0x1234)),
		Command: 6, Revision: 7, Class: 0x020000, MultiFunction: true,
		Subsystem: &pciconf.Subsystem{VendorID: 0xE002, DeviceID: 0x5678},
		BARs: []pciconf.BAR{
			{Index: 0, Bits64: true, Prefetchable: true, Address: 0x38FB000000},
			{Index: 2, IO: true, Address: 0xE000},
			{Index: 3, Address: 0xF0000000},
			{Index: 4, Bits64: true, Prefetchable: true},
		},
		CapabilitiesRead: true,
		Capabilities:     []pciconf.Capability{{0x01, 0x40}, {0x03, 0x48}, {0x05, 0x50}, {0x11, 0x68}, {0x10, 0x80}},
		ExtendedRead:     true,
		ExtendedCapabilities: []pciconf.ExtendedCapability{
			{0x0001, 2, 0x100}, {0x0003, 1, 0x150}, {0x0010, 1, 0x160},
		},
		Express: &pciconf.Express{
			Version: 2, PortType: pciconf.Endpoint,
			Errors: pciconf.DeviceErrors{Correctable: true, Fatal: true, UnsupportedRequest: true},
			Link: &pciconf.Link{
				PortNumber: 5, MaxSpeedGTs: new(16.0), MaxWidth: nil, CurrentSpeedGTs: new(8.0), CurrentWidth: new(8),
				SupportedSpeedsGTs: []float64{2.5, 5, 8, 16, 32}, TargetSpeedGTs: new(32.0),
			},
		},
		PowerState:   new(pciconf.PowerState(3)),
		MSI:          &pciconf.MSI{Enabled: true, Vectors: 16},
		MSIX:         &pciconf.MSIX{Enabled: true, Vectors: 64},
		HasVPD:       true,
		SerialNumber: new(pciconf.SerialNumber(0x0011223399AABBCC)),
		SRIOV: &pciconf.SRIOV{
			Enabled: true, InitialVFs: 64, TotalVFs: 128, NumVFs: 8,
			FirstVFOffset: 16, VFStride: 2, VFDeviceID: 0x1235,
		},
		AER: &pciconf.AER{
			UncorrectableStatus: 1<<4 | 1<<20 | 1<<8, UncorrectableSeverity: 1 << 4,
			CorrectableStatus: 1<<0 | 1<<13 | 1<<1, FirstError: 20,
			HeaderLog: [4]uint32{0x11111111, 0, 0, 0x44444444},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if s := got.SerialNumber.String(); s != "0011223399aabbcc" {
		t.Errorf("serial number %s", s)
	}
	if s := got.PowerState.String(); s != "D3hot" {
		t.Errorf("power state %s", s)
	}
	if !got.BARs[3].Unassigned() || got.BARs[0].Unassigned() {
		t.Error("unassigned BARs mixed up")
	}
	if got.Class.Base() != 2 || got.Class.Sub() != 0 || got.Class.ProgIf() != 0 {
		t.Error("class mixed up")
	}
	for what, have := range map[string][2]string{
		"fatal":       {strings.Join(got.AER.Fatal(), " "), "DLP"},
		"non-fatal":   {strings.Join(got.AER.NonFatal(), " "), "unknown_0x08 UnsupReq"},
		"correctable": {strings.Join(got.AER.Correctable(), " "), "RxErr unknown_0x01 NonFatalErr"},
	} {
		if have[0] != have[1] {
			t.Errorf("%s errors: %q, want %q", what, have[0], have[1])
		}
	}
}

func TestDecodeRootPort(t *testing.T) {
	t.Parallel()
	got, err := pciconf.Decode(rootPort())
	if err != nil {
		t.Fatal(err)
	}
	want := &pciconf.Config{
		VendorID: new(uint16(0xE001)), DeviceID: new(uint16(0x1111)), Revision: 1, Class: 0x060400, Layout: 1,
		Subsystem: &pciconf.Subsystem{VendorID: 0xE002, DeviceID: 0x2222},
		Bridge: &pciconf.Bridge{
			SecondaryBus: 0x3A, SubordinateBus: 0x3F,
			Memory:       &pciconf.Window{Base: 0xA0000000, Limit: 0xA0FFFFFF},
			Prefetchable: &pciconf.Window{Base: 0x3A00000000, Limit: 0x3BFFFFFFFF},
		},
		CapabilitiesRead:     true,
		Capabilities:         []pciconf.Capability{{0x0D, 0x40}, {0x10, 0x50}},
		ExtendedRead:         true,
		ExtendedCapabilities: []pciconf.ExtendedCapability{{0x0001, 1, 0x100}},
		Express: &pciconf.Express{
			Version: 2, PortType: pciconf.RootPort, SlotImplemented: true,
			Link: &pciconf.Link{
				PortNumber: 3, MaxSpeedGTs: new(32.0), MaxWidth: new(16), CurrentSpeedGTs: new(32.0), CurrentWidth: new(8),
				Active: new(true),
			},
			Slot: &pciconf.Slot{
				Number: new(42), PowerLimitWatts: new(25.0), HotPlug: true, HotPlugSurprise: true,
				AttentionButton: true, PowerController: true, Present: true,
			},
		},
		AER: &pciconf.AER{RootStatus: new(uint32(3))},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestDecodeShortReads(t *testing.T) {
	t.Parallel()
	whole := endpoint()
	header, err := pciconf.Decode(whole[:64])
	if err != nil || header.CapabilitiesRead || header.ExtendedRead || header.Express != nil || header.Subsystem == nil {
		t.Errorf("64 bytes: %+v, %v", header, err)
	}
	standard, err := pciconf.Decode(whole[:256])
	if err != nil || !standard.CapabilitiesRead || standard.ExtendedRead || standard.Express == nil || standard.AER != nil {
		t.Errorf("256 bytes: %+v, %v", standard, err)
	}
	none, err := pciconf.Decode(newSpace(64))
	if err != nil || !none.CapabilitiesRead {
		t.Errorf("a function without a list: %+v, %v", none, err)
	}
	for n := range len(whole) {
		c, err := pciconf.Decode(whole[:n])
		switch {
		case n < 64 && (c != nil || !errors.Is(err, inventory.ErrMalformed)):
			t.Errorf("%d bytes: %v, %v", n, c, err)
		case n >= 64 && c == nil:
			t.Errorf("%d bytes: nothing left, %v", n, err)
		}
	}
}

func TestDecodeNothingThere(t *testing.T) {
	t.Parallel()
	c, err := pciconf.Decode(bytes.Repeat([]byte{0xFF}, 4096))
	if c != nil || !errors.Is(err, pciconf.ErrAllOnes) {
		t.Errorf("all ones: %v, %v", c, err)
	}
	c, err = pciconf.Decode(bytes.Repeat([]byte{0xFE}, 256))
	if c == nil || errors.Is(err, pciconf.ErrAllOnes) {
		t.Errorf("nearly all ones: %v, %v", c, err)
	}
	c, err = pciconf.Decode(make([]byte, 256))
	if c != nil || !errors.Is(err, inventory.ErrMalformed) || errors.Is(err, pciconf.ErrAllOnes) {
		t.Errorf("all zeros: %v, %v", c, err)
	}
	// A virtual function has no ids of its own, and is there.
	c, err = pciconf.Decode(newSpace(256).set32(0, 0xFFFFFFFF))
	if err != nil || c.VendorID != nil || c.DeviceID != nil || c.Class != 0x020000 {
		t.Errorf("virtual function: %+v, %v", c, err)
	}
}

func TestDecodeUnknownIsNil(t *testing.T) {
	t.Parallel()
	s := endpoint().set16(0x2C, 0).
		set32(0x8C, 0x000003FF).set16(0x92, 0). // speed code 15, width 63; no link
		set32(0xAC, 0).set16(0xB0, 0x000F).
		set32(0x154, 0xFFFFFFFF).set32(0x158, 0xFFFFFFFF)
	c, err := pciconf.Decode(s)
	if err != nil {
		t.Fatal(err)
	}
	if c.Subsystem != nil || c.SerialNumber != nil {
		t.Errorf("subsystem %v, serial number %v", c.Subsystem, c.SerialNumber)
	}
	if d := cmp.Diff(&pciconf.Link{}, c.Express.Link); d != "" {
		t.Errorf("link: -want +got:\n%s", d)
	}
	c, err = pciconf.Decode(rootPort().set32(0x64, 0))
	if err != nil || c.Express.Slot == nil || c.Express.Slot.Number != nil || c.Express.Slot.PowerLimitWatts != nil {
		t.Errorf("slot without number: %+v, %v", c.Express.Slot, err)
	}
}

func TestDecodeKeepsWhatIsSound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bytes space
		want  string // in the error
		caps  int    // entries of both lists before it
	}{
		"pointer into the header":  {endpoint().set8(0x41, 0x10), "capability pointer 10h into the header", 1},
		"list loops":               {endpoint().set8(0x81, 0x50), "capability list loops at 50h", 5},
		"list loops to itself":     {endpoint().set8(0x41, 0x40), "capability list loops at 40h", 1},
		"list broken":              {endpoint().set8(0x48, 0xFF), "capability list broken at 48h", 1},
		"beyond the bytes":         {endpoint()[:0x50], "capability at 50h beyond 80 bytes", 2},
		"express cut short":        {endpoint().set8(0x69, 0xF8).set8(0xF8, 0x10), "capability 10h at f8h cut short", 5},
		"link cut short":           {endpoint().set8(0x69, 0xF0).set8(0xF0, 0x10), "capability 10h at f0h cut short", 5},
		"vector count":             {endpoint().set16(0x52, 0x000C), "vector count code 6", 5},
		"unknown header":           {endpoint().set8(0x0E, 0x05), "header type 05h", 0},
		"upper half missing":       {endpoint().set32(0x24, 0x4).set32(0x20, 0), "register 5 is the lower half", 5},
		"reserved register":        {endpoint().set32(0x1C, 0x6), "register 3 of reserved type", 5},
		"extended to the standard": {endpoint().extended(0x100, 1, 1, 0x40), "extended capability pointer 040h", 6},
		"extended loops":           {endpoint().extended(0x160, 0x10, 1, 0x150), "extended capability list loops at 150h", 8},
		"extended loops to itself": {endpoint().extended(0x160, 0x10, 1, 0x160), "extended capability list loops at 160h", 8},
		"extended broken":          {endpoint().set32(0x150, 0xFFFFFFFF), "extended capability list broken at 150h", 6},
		"extended cut short":       {endpoint()[:0x120], "extended capability 0001h at 100h cut short", 6},
		"extended beyond":          {endpoint()[:0x150], "extended capability at 150h beyond 336 bytes", 6},
		"extended at the end": {
			endpoint().extended(0x160, 0x10, 1, 0xFFC).extended(0xFFC, 3, 1, 0),
			"extended capability 0003h at ffch cut short", 9,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := pciconf.Decode(tc.bytes)
			if !errors.Is(err, inventory.ErrMalformed) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			if c == nil || c.VendorID == nil || *c.VendorID != 0xE001 {
				t.Fatal("the rest is lost")
			}
			n := len(c.Capabilities)
			if strings.HasPrefix(name, "extended") {
				n += len(c.ExtendedCapabilities)
			}
			if name != "unknown header" && n != tc.caps {
				t.Errorf("%d capabilities, want %d", n, tc.caps)
			}
		})
	}
}

func TestDecodeExtendedNotThere(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]uint32{"zero": 0, "ones": 0xFFFFFFFF, "the header again": 0x1234E001} {
		c, err := pciconf.Decode(endpoint().set32(0x100, first))
		if err != nil || len(c.ExtendedCapabilities) != 0 || !c.ExtendedRead {
			t.Errorf("%s: %v, %v", name, c.ExtendedCapabilities, err)
		}
	}
}

// TestDecodeVendorSpecific: every one counts, and one that is cut short is said
// to be.
func TestDecodeVendorSpecific(t *testing.T) {
	t.Parallel()
	s := endpoint().
		extended(0x160, 0x000B, 1, 0x180).set32(0x164, 0x01051234).
		extended(0x180, 0x000B, 1, 0xFFC).set32(0x184, 0x01000002).
		extended(0xFFC, 0x000B, 1, 0)
	c, err := pciconf.Decode(s)
	if d := cmp.Diff([]uint16{0x1234, 0x0002}, c.VendorSpecificIDs); d != "" {
		t.Error(d)
	}
	if !errors.Is(err, inventory.ErrMalformed) || !strings.Contains(err.Error(), "extended capability 000bh at ffch cut short") {
		t.Error(err)
	}
}

func TestDecodeCardBus(t *testing.T) {
	t.Parallel()
	s := newSpace(256).set8(0x0E, 2).set16(0x2C, 0x1111).
		set8(0x18, 1).set8(0x19, 2).set8(0x1A, 5).set16(0x40, 0xE002).set16(0x42, 7)
	s.capability(0x14, 0x80, 0x01)
	c, err := pciconf.Decode(s)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&pciconf.Bridge{PrimaryBus: 1, SecondaryBus: 2, SubordinateBus: 5}, c.Bridge); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if *c.Subsystem != (pciconf.Subsystem{VendorID: 0xE002, DeviceID: 7}) || *c.PowerState != 0 {
		t.Errorf("%+v", c)
	}
}

func TestPortTypes(t *testing.T) {
	t.Parallel()
	for code, want := range map[pciconf.PortType]struct {
		name     string
		up, down bool
	}{
		0: {"endpoint", true, false}, 1: {"legacy_endpoint", true, false}, 4: {"root_port", false, true},
		5: {"upstream_port", true, false}, 6: {"downstream_port", false, true},
		7: {"pcie_to_pci_bridge", true, false}, 8: {"pci_to_pcie_bridge", false, true},
		9: {"root_complex_endpoint", false, false}, 10: {"root_complex_event_collector", false, false},
		15: {"unknown_0x0f", false, false},
	} {
		if code.String() != want.name || code.Upstream() != want.up || code.Downstream() != want.down {
			t.Errorf("%d: %s, upstream %v, downstream %v", code, code, code.Upstream(), code.Downstream())
		}
		c, err := pciconf.Decode(endpoint().set16(0x82, uint16(code)<<4|2))
		if err != nil || (c.Express.Link != nil) != (want.up || want.down) {
			t.Errorf("%s: link %v, %v", code, c.Express.Link, err)
		}
	}
}
