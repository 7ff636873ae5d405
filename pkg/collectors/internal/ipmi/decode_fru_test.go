package ipmi_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func TestDecodeFRU(t *testing.T) {
	t.Parallel()
	f, err := ipmi.DecodeFRU(exampleFRU())
	if err != nil {
		t.Fatal(err)
	}
	want := ipmi.FRU{
		Chassis: &ipmi.ChassisArea{Type: 23, PartNumber: new("CP-1"), SerialNumber: new("CS-2"), Custom: []string{"rack 7"}},
		Board: &ipmi.BoardArea{
			Language: 25, MfgAt: new(time.Date(1996, 1, 3, 0, 0, 0, 0, time.UTC)),
			Manufacturer: new("Acme"), ProductName: new("Brd"), SerialNumber: new("BS-3"), PartNumber: new("BP-4"),
			FRUFileID: new("12.5"),
		},
		Product: &ipmi.ProductArea{
			Language: 25, Manufacturer: new("Acme"), Name: new("PSU 900"), PartNumber: new("P-9"), Version: new("A1"),
			SerialNumber: new("SN-0815"), FRUFileID: new("0ab0"), Custom: []string{"IPMI"},
		},
	}
	if diff := cmp.Diff(want.Chassis, f.Chassis); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Board, f.Board); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Product, f.Product); diff != "" {
		t.Error(diff)
	}
	if len(f.Multi) != 3 || len(f.Damaged) != 0 {
		t.Fatalf("multirecords %v, damaged %v", f.Multi, f.Damaged)
	}
	wantPower := &ipmi.PowerSupplyInfo{
		CapacityWatts: new(uint16(750)), InrushAmps: new(uint8(30)), InrushIntervalMillis: new(uint8(2)),
		LowInput1Millivolts: new(uint32(90000)), HighInput1Millivolts: new(uint32(140000)),
		LowInput2Millivolts: new(uint32(180000)), HighInput2Millivolts: new(uint32(264000)),
		LowFrequencyHz: new(uint8(47)), HighFrequencyHz: new(uint8(63)), DropoutMillis: new(uint8(12)),
		PowerFactorCorrect: true, HotSwap: true, PeakWatts: new(uint16(900)), HoldUpSeconds: new(uint8(1)),
	}
	if diff := cmp.Diff(wantPower, f.Multi[0].PowerSupply); diff != "" {
		t.Error(diff)
	}
	wantOutput := &ipmi.DCOutput{
		Number: 1, Standby: true, NominalMillivolts: 12000, MinMillivolts: 11400, MaxMillivolts: 12600,
		RippleMillivolts: 120, MaxMilliamps: 3500,
	}
	if diff := cmp.Diff(wantOutput, f.Multi[1].DCOutput); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&ipmi.OEMMultiRecord{ManufacturerID: 343, Data: []byte{9, 9}}, f.Multi[2].OEM); diff != "" {
		t.Error(diff)
	}
}

// One damaged area costs that area alone.
func TestDecodeFRUDamaged(t *testing.T) {
	t.Parallel()
	sound := exampleFRU()
	at := func(i int) int { return int(sound[i]) * 8 }
	for name, tt := range map[string]struct {
		spoil func([]byte) []byte
		area  ipmi.FRUArea
	}{
		"board text":       {func(b []byte) []byte { b[at(3)+8] ^= 0x20; return b }, ipmi.AreaBoard},
		"chassis version":  {func(b []byte) []byte { b[at(2)] = 2; return b }, ipmi.AreaChassis},
		"product length":   {func(b []byte) []byte { b[at(4)+1] = 0xFF; return b }, ipmi.AreaProduct},
		"power data":       {func(b []byte) []byte { b[at(5)+6] ^= 1; return b }, ipmi.AreaMulti},
		"second header":    {func(b []byte) []byte { b[at(5)+29] ^= 1; return b }, ipmi.AreaMulti},
		"cut in the multi": {func(b []byte) []byte { return b[:at(5)+40] }, ipmi.AreaMulti},
		"field past end":   {func(b []byte) []byte { return fieldPastEnd(b, at(3)) }, ipmi.AreaBoard},
	} {
		f, err := ipmi.DecodeFRU(tt.spoil(append([]byte(nil), sound...)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(f.Damaged) != 1 || f.Damaged[0].Area != tt.area || f.Damaged[0].Reason == "" {
			t.Errorf("%s: damaged %v", name, f.Damaged)
		}
		for area, there := range map[ipmi.FRUArea]bool{
			ipmi.AreaChassis: f.Chassis != nil, ipmi.AreaBoard: f.Board != nil, ipmi.AreaProduct: f.Product != nil,
		} {
			if there == (area == tt.area) {
				t.Errorf("%s: %s area there: %v", name, area, there)
			}
		}
		for _, r := range f.Multi {
			if r.Damaged && r.PowerSupply != nil {
				t.Errorf("%s: a damaged record was decoded", name)
			}
		}
	}
}

// fieldPastEnd makes the first field of an area longer than the area and
// repairs the checksum.
func fieldPastEnd(b []byte, at int) []byte {
	n := int(b[at+1]) * 8
	b[at+6] = 0xC0 | 0x3F
	b[at+n-1] -= checksum(b[at : at+n])
	return b
}

func TestDecodeFRUHeader(t *testing.T) {
	t.Parallel()
	sound := exampleFRU()
	badSum := append([]byte(nil), sound...)
	badSum[7]++
	version0 := append([]byte(nil), sound...)
	version0[0], version0[7] = 0, version0[7]+1
	for name, tt := range map[string]struct {
		b    []byte
		want error
	}{
		"empty":     {nil, inventory.ErrMalformed},
		"short":     {sound[:7], inventory.ErrMalformed},
		"zeros":     {make([]byte, 64), ipmi.ErrBlankFRU},
		"erased":    {repeat(byte(0xFF), 64), ipmi.ErrBlankFRU},
		"checksum":  {badSum, inventory.ErrMalformed},
		"version 0": {version0, inventory.ErrMalformed},
	} {
		if _, err := ipmi.DecodeFRU(tt.b); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFRUText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		language uint8
		field    []byte
		want     *string
	}{
		"latin-1":               {25, ipmitest.Latin("M\xFCller"), new("Müller")},
		"trailing zeros":        {25, ipmitest.Latin("ABC\x00\x00"), new("ABC")},
		"ucs-2":                 {17, ipmitest.Field(3, []byte{0x4E, 0x04, 0x3C, 0x04}), new("юм")},
		"ascii, odd language":   {17, ipmitest.Latin("AB12"), new("AB12")},
		"blank":                 {25, ipmitest.Latin("      "), nil},
		"dots":                  {25, ipmitest.Latin("......"), nil},
		"placeholder":           {25, ipmitest.Latin("To Be Filled By O.E.M."), nil},
		"zeros":                 {25, ipmitest.Latin("0000000000"), nil},
		"short zero is a value": {25, ipmitest.Latin("00"), new("00")},
		"control characters":    {25, ipmitest.Latin("A\x01B"), nil},
		"erased":                {25, ipmitest.Field(3, []byte{0xFF, 0xFF, 0xFF}), nil},
		"empty":                 {25, ipmitest.Field(3, nil), nil},
		"binary":                {25, ipmitest.Field(0, []byte{0xDE, 0xAD}), new("dead")},
		"binary zeros":          {25, ipmitest.Field(0, []byte{0, 0}), nil},
		"bcd":                   {25, ipmitest.Field(1, []byte{0x19, 0xB0, 0xC2}), new("19-0.2")},
		"packed":                {25, ipmitest.Field(2, []byte{0x29, 0xDC, 0xA6}), new("IPMI")},
		"packed, part group":    {25, ipmitest.Field(2, []byte{0x21}), new("A")},
	} {
		// A one-byte field of type 3 reads as the end; none is used here.
		b := ipmitest.FRU(ipmitest.FRUParts{Product: ipmitest.InfoArea([]byte{tt.language}, tt.field, ipmitest.Latin("name"))})
		f, err := ipmi.DecodeFRU(b)
		if err != nil || f.Product == nil {
			t.Errorf("%s: %v %v", name, err, f.Damaged)
			continue
		}
		if diff := cmp.Diff(tt.want, f.Product.Manufacturer); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := f.Product.Name; got == nil || *got != "name" {
			t.Errorf("%s: the next field is %v", name, got)
		}
	}
}

func checksum(b []byte) (s uint8) {
	for _, c := range b {
		s += c
	}
	return s
}
