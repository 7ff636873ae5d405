package scsi_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestDecodeInquiry(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeInquiry(inquiryData())
	check(t, "inquiry", got, err, &scsi.Inquiry{
		Version: 6, Protection: true, Enclosure: true, MultiPort: true,
		Vendor: "SEAGATE", Product: "ST600MM0009", Revision: "CN04", VendorSpecific: "W0M0AAAA",
	})
	b := inquiryData()
	b[4] = 31 // a length that ends with the revision
	if got, err := scsi.DecodeInquiry(b); err != nil || got.VendorSpecific != "" {
		t.Errorf("short: %+v %v", got, err)
	}
	b[4] = 255
	if got, err := scsi.DecodeInquiry(b[:40]); err != nil || got.VendorSpecific != "W0M0" {
		t.Errorf("length lies: %+v %v", got, err)
	}
}

func TestDecodeVPD(t *testing.T) {
	t.Parallel()
	pages, err := scsi.DecodeSupportedVPD(vpd(0, []byte{0, 0xB1, 0x80, 0x83, 0x83}))
	check(t, "00h", pages, err, []uint8{0, 0x80, 0x83, 0xB1})
	pages, err = scsi.DecodeSupportedVPD(vpd(0))
	check(t, "00h, empty", pages, err, []uint8{})
	long := strings.Repeat("S", 255)
	for in, want := range map[string]string{"  S422YX6H\x00\x00junk": "S422YX6H", long: long, "": "", "    ": "", "\xFF\xFF": "", "A\tB": "A?B"} {
		got, err := scsi.DecodeSerialNumber(vpd(0x80, []byte(in)))
		check(t, "80h", got, err, want)
	}
	ext := make([]byte, 60)
	copy(ext, []byte{0x04, 0, 0x03, 0, 0, 0, 0x01, 0x02, 0x80, 64})
	e, err := scsi.DecodeExtendedInquiry(vpd(0x86, ext))
	check(t, "86h", e, err, &scsi.ExtendedInquiry{SelfTestMinutes: 258, MaxSenseBytes: 64, GuardCheck: true, VolatileCache: true, NonvolatileCache: true, PowerOnActivation: true})
	a, err := scsi.DecodeATAInformation(ataInformationPage())
	check(t, "89h", a, err, &scsi.ATAInformation{Vendor: "linux", Product: "libata", Revision: "3.00", Command: 0xEC, Identify: make([]byte, 512)})
	l, err := scsi.DecodeBlockLimits(vpd(0xB0, []byte{0, 0, 0, 8}, be32(1), be32(2), be32(3), be32(4)))
	check(t, "b0h", l, err, &scsi.BlockLimits{OptimalGranularity: 8, MaxTransferBlocks: 1, OptimalTransferBlocks: 2, MaxUnmapBlocks: 4})
	l, err = scsi.DecodeBlockLimits(vpd(0xB0, []byte{0, 0, 0, 8}, be32(1), be32(2)))
	check(t, "b0h of SBC-2", l, err, &scsi.BlockLimits{OptimalGranularity: 8, MaxTransferBlocks: 1, OptimalTransferBlocks: 2})
	p, err := scsi.DecodeProvisioning(vpd(0xB2, []byte{3, 0xE4, 2, 0}))
	check(t, "b2h", p, err, &scsi.Provisioning{Unmap: true, WriteSame16: true, WriteSame10: true, ReadsZeros: true, Type: 2, ThresholdExp: 3})
}

func TestBlockCharacteristics(t *testing.T) {
	t.Parallel()
	for rate, want := range map[int]*uint32{0: nil, 1: new(uint32(0)), 2: nil, 0x400: nil, 0x401: new(uint32(1025)), 10000: new(uint32(10000)), 0xFFFF: nil} {
		got, err := scsi.DecodeBlockCharacteristics(vpd(0xB1, be16(rate), []byte{0, 3, 0x10}))
		check(t, "b1h", got, err, &scsi.BlockCharacteristics{RotationRPM: want, FormFactor: "2.5_inch", Zoned: 1})
	}
	var names []string
	for c := range uint16(11) {
		names = append(names, scsi.FormFactor(c))
	}
	check(t, "form factors", names, nil, []string{"", "5.25_inch", "3.5_inch", "2.5_inch", "1.8_inch", "less_than_1.8_inch", "msata", "m.2", "microssd", "cfast", ""})
}

func TestDecodeDeviceID(t *testing.T) {
	t.Parallel()
	id, err := scsi.DecodeDeviceID(deviceIDPage())
	if err != nil || len(id.Designators) != 5 || id.Truncated {
		t.Fatalf("%+v %v", id, err)
	}
	if id.WWN() != "5000c50001020304" || id.PortAddress() != "5000c50001020305" {
		t.Error(id.WWN(), id.PortAddress())
	}
	if port, ok := id.RelativePort(); port != 2 || !ok {
		t.Error(port, ok)
	}
	if p, ok := id.Transport(); p != scsi.ProtocolSAS || !ok || p.String() != "sas" {
		t.Error(p, ok)
	}
	empty, err := scsi.DecodeDeviceID(vpd(0x83))
	if err != nil || empty.WWN() != "" || empty.PortAddress() != "" {
		t.Errorf("empty: %+v %v", empty, err)
	}
	if _, ok := empty.RelativePort(); ok {
		t.Error("a port from nothing")
	}
	if _, ok := empty.Transport(); ok {
		t.Error("a transport from nothing")
	}
}

func TestWWNChoice(t *testing.T) {
	t.Parallel()
	eui := designator(1, 2, unhex("0025388a01020304"))
	uuid := designator(1, 0xA, unhex("1000 000102030405060708090a0b0c0d0e0f"))
	for name, tt := range map[string]struct {
		page []byte
		want string
	}{
		"eui":             {vpd(0x83, uuid, eui), "0025388a01020304"},
		"uuid":            {vpd(0x83, uuid), "000102030405060708090a0b0c0d0e0f"},
		"naa of zeros":    {vpd(0x83, designator(1, 3, make([]byte, 8)), eui), "0025388a01020304"},
		"naa of the port": {vpd(0x83, designator(1, 0x13, unhex("5000c50001020304"))), ""},
		"odd length":      {vpd(0x83, designator(1, 3, unhex("5000c500"))), ""},
		"long naa":        {vpd(0x83, designator(1, 3, unhex("6122334455667788aabbccddeeffeedd"))), "6122334455667788aabbccddeeffeedd"},
	} {
		id, err := scsi.DecodeDeviceID(tt.page)
		if err != nil || id.WWN() != tt.want {
			t.Errorf("%s: %q, %v", name, id.WWN(), err)
		}
	}
}

func TestDeviceIDThatLies(t *testing.T) {
	t.Parallel()
	page := deviceIDPage()
	page[7] = 200 // the first designator passes the end
	if id, err := scsi.DecodeDeviceID(page); err != nil || len(id.Designators) != 0 || !id.Truncated {
		t.Errorf("%+v %v", id, err)
	}
	page = deviceIDPage()
	page[2] = 0xFF // the page passes the buffer
	if id, err := scsi.DecodeDeviceID(page); err != nil || len(id.Designators) != 5 || !id.Truncated {
		t.Errorf("%+v %v", id, err)
	}
	many := vpd(0x83, bytes.Repeat(designator(1, 0, nil), 1000))
	if id, err := scsi.DecodeDeviceID(many); err != nil || len(id.Designators) != 64 || !id.Truncated {
		t.Errorf("%d %v", len(id.Designators), err)
	}
}

func TestDecodeCapacity(t *testing.T) {
	t.Parallel()
	c, err := scsi.DecodeReadCapacity10(cat(be32(999), be32(512)))
	check(t, "10", c, err, &scsi.Capacity{Blocks: 1000, BlockBytes: 512, PhysicalBytes: 512})
	c, err = scsi.DecodeReadCapacity16(cat(be64(1172123567), be32(520), []byte{0x03, 0x03, 0xC0, 0}, make([]byte, 16)))
	check(t, "16", c, err, &scsi.Capacity{Blocks: 1172123568, BlockBytes: 520, PhysicalBytes: 4160, Protection: 2, Thin: true})
	if n, ok := c.SizeBytes(); !ok || n != 1172123568*520 {
		t.Error(n, ok)
	}
	c, err = scsi.DecodeReadCapacity16(cat(be64(1<<62), be32(512)))
	check(t, "16, old", c, err, &scsi.Capacity{Blocks: 1<<62 + 1, BlockBytes: 512, PhysicalBytes: 512})
	if _, ok := c.SizeBytes(); ok {
		t.Error("size fits")
	}
	for name, b := range map[string][]byte{
		"10, too big":   cat(be32(0xFFFFFFFF), be32(512)),
		"10, no blocks": make([]byte, 8),
	} {
		if c, err := scsi.DecodeReadCapacity10(b); !errors.Is(err, inventory.ErrMalformed) || c != nil {
			t.Errorf("%s: %v %v", name, c, err)
		}
	}
	for name, b := range map[string][]byte{
		"16, no end":    cat(be64(1<<64-1), be32(512)),
		"16, no blocks": make([]byte, 32),
	} {
		if c, err := scsi.DecodeReadCapacity16(b); !errors.Is(err, inventory.ErrMalformed) || c != nil {
			t.Errorf("%s: %v %v", name, c, err)
		}
	}
}

func TestDecodeDefects(t *testing.T) {
	t.Parallel()
	d, err := scsi.DecodeDefects10([]byte{0, 0x0D, 0x00, 0x10})
	check(t, "10", d, err, &scsi.DefectCount{Grown: true, Bytes: 16, Count: new(uint32(2))})
	d, err = scsi.DecodeDefects12([]byte{0, 0x18, 0, 0, 0, 0, 0x10, 0})
	check(t, "12", d, err, &scsi.DefectCount{Primary: true, Grown: true, Bytes: 4096, Count: new(uint32(1024))})
	d, err = scsi.DecodeDefects10([]byte{0, 0x0E, 0x00, 0x10})
	check(t, "vendor format", d, err, &scsi.DefectCount{Grown: true, Bytes: 16})
}

func TestDecodeMode(t *testing.T) {
	t.Parallel()
	m, err := scsi.DecodeModeSense10(modeSense10())
	if err != nil || len(m.Pages) != 3 || m.Truncated || !m.WriteProtected {
		t.Fatalf("%+v %v", m, err)
	}
	p, _ := m.Find(scsi.ModeCaching, 0)
	c, err := scsi.DecodeCaching(p)
	check(t, "08h", c, err, &scsi.Caching{WriteCache: true, ReadCache: true})
	p, _ = m.Find(scsi.ModeExceptions, 0)
	e, err := scsi.DecodeExceptionControl(p)
	check(t, "1ch", e, err, &scsi.ExceptionControl{Disabled: true, Warnings: true, Test: true, Method: 6})
	p, _ = m.Find(scsi.ModePort, 1)
	phys, err := scsi.DecodeModePhys(p)
	check(t, "19h/01h", phys, err, []scsi.Phy{{Rate: 0xA, HardwareMaxRate: 0xB, Address: "5000c50000000000", AttachedAddress: "500605b000000009", AttachedPhy: 4}})
	if _, ok := m.Find(0x3E, 0); ok {
		t.Error("found what is not there")
	}
	m, err = scsi.DecodeModeSense6(modeSense6())
	if err != nil || len(m.Pages) != 1 || m.Truncated || m.WriteProtected {
		t.Fatalf("%+v %v", m, err)
	}
	c, err = scsi.DecodeCaching(m.Pages[0])
	check(t, "08h", c, err, &scsi.Caching{})
}

func TestModeThatLies(t *testing.T) {
	t.Parallel()
	b := modeSense10()
	if m, err := scsi.DecodeModeSense10(b[:len(b)-1]); err != nil || !m.Truncated || len(m.Pages) != 2 {
		t.Errorf("cut: %+v %v", m, err)
	}
	if m, err := scsi.DecodeModeSense10(b[:9]); err != nil || !m.Truncated || len(m.Pages) != 0 {
		t.Errorf("cut in the block descriptors: %+v %v", m, err)
	}
	b[6] = 0xFF
	if m, err := scsi.DecodeModeSense10(b); !errors.Is(err, inventory.ErrMalformed) || m != nil {
		t.Errorf("block descriptors: %+v %v", m, err)
	}
	for _, p := range []scsi.ModePage{{}, {Page: 8}, {Page: 0x1C, Body: []byte{0}}, {Page: 0x19, Subpage: 1, Body: []byte{0, 6, 0}}} {
		if c, err := scsi.DecodeCaching(p); !errors.Is(err, inventory.ErrMalformed) || c != nil {
			t.Errorf("08h: %v %v", c, err)
		}
		if c, err := scsi.DecodeExceptionControl(p); !errors.Is(err, inventory.ErrMalformed) || c != nil {
			t.Errorf("1Ch: %v %v", c, err)
		}
		if c, err := scsi.DecodeModePhys(p); !errors.Is(err, inventory.ErrMalformed) || c != nil {
			t.Errorf("19h: %v %v", c, err)
		}
	}
	other, err := scsi.DecodeModePhys(scsi.ModePage{Page: 0x19, Subpage: 1, Body: []byte{0, 5, 0, 1}})
	check(t, "another transport", other, err, []scsi.Phy{})
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]uint64{"00": 0, "0102": 258, "ffffffffffffffff": 1<<64 - 1, "0000000000000000000001": 1} {
		if got, ok := scsi.Number(unhex(in)); !ok || got != want {
			t.Errorf("%s: %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "010000000000000000"} {
		if got, ok := scsi.Number(unhex(in)); ok {
			t.Errorf("%s: %d", in, got)
		}
	}
}
