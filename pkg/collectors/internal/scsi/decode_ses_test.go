package scsi_test

import (
	"errors"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func enclosure(t testing.TB) *scsi.EnclosureConfig {
	t.Helper()
	c, err := scsi.DecodeEnclosureConfig(sesConfig())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDecodeEnclosure(t *testing.T) {
	t.Parallel()
	c := enclosure(t)
	check(t, "01h", c, nil, &scsi.EnclosureConfig{
		Generation: 7, ID: "500605b000000aff", Vendor: "LSI", Product: "SAS2X36", Revision: "0e12",
		Types: []scsi.ElementType{{Type: 0x17, Count: 2, Text: "Slots"}, {Type: 4, Count: 1}},
	})
	if !c.Types[0].HoldsDrives() || c.Types[1].HoldsDrives() {
		t.Error("HoldsDrives")
	}
	s, err := scsi.DecodeEnclosureStatus(sesStatus(), c)
	check(t, "02h", s, err, &scsi.EnclosureStatus{
		Generation: 7, Critical: true,
		Elements: [][]scsi.ElementStatus{{{0x41, 0, 0, 0}, {5, 0, 0, 0}}, {{2, 0x11, 0x22, 0x33}}},
	})
	if e := s.Elements[0][0]; !e.PredictedFailure() || e.Code().String() != "ok" {
		t.Error(e)
	}
	names, err := scsi.DecodeElementDescriptors(sesDescriptors(), c)
	check(t, "07h", names, err, [][]string{{"Slot 01", "Slot 02"}, {"TEMP"}})
	bays, err := scsi.DecodeBays(sesAdditional())
	check(t, "0ah", bays, err, []scsi.Bay{
		{HasElement: true, Slot: new(uint8(12)), Addresses: []string{"5000c50001020305"}, AttachedAddresses: []string{"500605b000000aff"}},
		{Addresses: []string{"5000c50001020305"}, AttachedAddresses: []string{"500605b000000aff"}},
	})
	codes := ""
	for i := range 10 {
		codes += scsi.ElementCode(i).String() + " "
	}
	check(t, "codes", codes, nil, "unsupported ok critical non_critical unrecoverable not_installed unknown not_available no_access_allowed unknown_0x09 ")
}

func TestEnclosureThatLies(t *testing.T) {
	t.Parallel()
	c := enclosure(t)
	for name, b := range map[string][]byte{
		"too many elements": sesPage(1, 0, 7, []byte{0, 0, 32, 0}, func() []byte {
			var types []byte
			for range 32 {
				types = append(types, 0x17, 255, 0, 0)
			}
			return types
		}()),
		"types pass the end":    sesPage(1, 0, 7, []byte{0, 0, 9, 0}),
		"enclosure passes end":  sesPage(1, 0, 7, []byte{0, 0, 0, 200}),
		"more than one missing": sesPage(1, 3, 7, []byte{0, 0, 0, 0}),
		"another page":          sesStatus(),
		"length of nothing":     {1, 0, 0, 0, 0, 0, 0, 0},
	} {
		if got, err := scsi.DecodeEnclosureConfig(b); !errors.Is(err, inventory.ErrMalformed) || got != nil {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	changed := *c
	changed.Generation++
	longer := *c
	longer.Types = append(longer.Types, scsi.ElementType{Type: 2, Count: 3})
	for _, c := range []*scsi.EnclosureConfig{&changed, &longer} {
		if got, err := scsi.DecodeEnclosureStatus(sesStatus(), c); !errors.Is(err, inventory.ErrMalformed) || got != nil {
			t.Errorf("02h: %v %v", got, err)
		}
		if got, err := scsi.DecodeElementDescriptors(sesDescriptors(), c); !errors.Is(err, inventory.ErrMalformed) || got != nil {
			t.Errorf("07h: %v %v", got, err)
		}
	}
	if got, err := scsi.DecodeBays(sesPage(0x0A, 0, 7, []byte{0x16, 200, 0})); !errors.Is(err, inventory.ErrMalformed) || got != nil {
		t.Errorf("0ah: %v %v", got, err)
	}
	for n := range sesConfig() {
		if got, err := scsi.DecodeEnclosureConfig(sesConfig()[:n]); (got == nil) != (err != nil) {
			t.Errorf("%d bytes: %v %v", n, got, err)
		}
	}
	for _, d := range [][]byte{{0x16, 1, 0}, {0x16, 2, 0, 1}, {0x16, 5, 0, 1, 1, 0, 0}, {0x06, 1, 0}} { // too short for what they claim
		if got, err := scsi.DecodeBays(sesPage(0x0A, 0, 7, d)); err != nil || len(got) != 0 {
			t.Errorf("% x: %v %v", d, got, err)
		}
	}
}
