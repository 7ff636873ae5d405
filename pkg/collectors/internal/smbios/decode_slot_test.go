package smbios_test

import (
	"fmt"
	"testing"

	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestSlot(t *testing.T) {
	t.Parallel()
	s := decode(t, st.Slot(0, "Slot 1", 7, 0x41, 0x08)).Slots()[0]
	check(t, []field{
		{"designation", s.Designation(), "Slot 1"},
		{"type", s.SlotType(), "pci_express_4_x16"},
		{"width", s.Width(), "x16"},
		{"usage", s.Usage(), "in_use"},
		{"length", s.SlotLength(), "long"},
		{"id", opt(s.ID()), "7"},
		{"characteristics", opt(s.Characteristics()), "[3_3_v shared_opening hot_plug]"},
		{"address", s.PCIAddress(), "0000:41:01.0"},
		{"base width", opt(s.BaseWidthLanes()), "16"},
		{"peers", opt(s.Peers()), "[]"},
		{"generation", opt(s.Generation()), "4"},
		{"physical", s.PhysicalWidth(), "x16"},
		{"pitch", opt(s.PitchHundredthsMM()), "2032"},
		{"height", s.Height(), "full_height"},
	})
	old := decode(t, st.Slot(0, "Slot 1", 7, 0x41, 0x08).Cut(0x0C)).Slots()[0]
	check(t, []field{
		{"characteristics", opt(old.Characteristics()), "[3_3_v shared_opening]"},
		{"address", old.PCIAddress(), ""},
		{"base width", opt(old.BaseWidthLanes()), "-"},
		{"peers", opt(old.Peers()), "-"},
		{"generation", opt(old.Generation()), "-"},
		{"physical", old.PhysicalWidth(), ""},
		{"pitch", opt(old.PitchHundredthsMM()), "-"},
		{"height", old.Height(), ""},
	})
	v32 := decode(t, st.Slot(0, "Slot 1", 7, 0x41, 0x08).Cut(0x13)).Slots()[0]
	check(t, []field{{"peers", opt(v32.Peers()), "[]"}, {"generation", opt(v32.Generation()), "-"}, {"height", v32.Height(), ""}})
}

func TestSlotPeers(t *testing.T) {
	t.Parallel()
	split := st.New(9, 1, 0x18+10).U8(0x12, 2).
		U16(0x13, 0).U8(0x15, 0x42).U8(0x16, 0x08).U8(0x17, 8).
		U16(0x18, 1).U8(0x1A, 0x43).U8(0x1B, 0x01).U8(0x1C, 4).
		U8(0x1D, 5).U8(0x1E, 0x0C).U16(0x1F, 0).U8(0x21, 4)
	s := decode(t, split).Slots()[0]
	check(t, []field{
		{"peers", opt(s.Peers()), "[{0000:42:01.0 8} {0001:43:00.1 4}]"},
		{"generation", opt(s.Generation()), "5"},
		{"physical", s.PhysicalWidth(), "x12"},
		{"pitch", opt(s.PitchHundredthsMM()), "-"},
		{"height", s.Height(), "low_profile"},
	})
	s = decode(t, split.U8(0x12, 5)).Slots()[0]
	check(t, []field{{"too many peers", opt(s.Peers()), "-"}, {"generation", opt(s.Generation()), "-"}})
	s = decode(t, split.U8(0x12, 255)).Slots()[0]
	check(t, []field{{"255 peers", opt(s.Peers()), "-"}, {"pitch", opt(s.PitchHundredthsMM()), "-"}, {"height", s.Height(), ""}})
	s = decode(t, st.Slot(0, "s", 1, 1, 0).U8(0x11, 0).U8(0x13, 0).U8(0x14, 0).U8(0x17, 9)).Slots()[0]
	check(t, []field{
		{"base width", opt(s.BaseWidthLanes()), "-"},
		{"generation", opt(s.Generation()), "-"},
		{"physical", s.PhysicalWidth(), ""},
		{"height", s.Height(), "unknown_0x09"},
	})
}

func TestSlotAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		usage      uint8
		segment    uint16
		bus, devfn uint8
		want       string
	}{
		{4, 0, 0x03, 0x00, "0000:03:00.0"},
		{3, 0, 0x03, 0x00, "0000:03:00.0"},
		{4, 0xFFFF, 0xFF, 0xFF, ""},
		{4, 0, 0x00, 0xFF, ""},
		{4, 0xFF, 0x20, 0xFF, ""},
		{4, 0, 0x03, 0xFE, "0000:03:1f.6"},
		{3, 0, 0xFF, 0x00, ""},
		{3, 0xFF, 0xFF, 0xFF, ""},
		{3, 0, 0x00, 0x00, ""}, // left zero
		{4, 0, 0x00, 0x00, "0000:00:00.0"},
		{4, 0x10, 0x00, 0x0B, "0010:00:01.3"},
	} {
		s := decode(t, st.Slot(0, "s", 1, tt.bus, tt.devfn).U8(0x07, tt.usage).U16(0x0D, tt.segment)).Slots()[0]
		check(t, []field{{fmt.Sprintf("%+v", tt), s.PCIAddress(), tt.want}})
	}
}
