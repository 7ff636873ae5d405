package scsi_test

import (
	"errors"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func ataReturn() []byte {
	return []byte{0x09, 12, 1, 0x04, 0x12, 0x34, 0xA6, 0x4F, 0xA5, 0xC2, 0xA4, 0x01, 0x40, 0x50}
}

func TestDecodeSense(t *testing.T) {
	t.Parallel()
	ata := &scsi.ATAStatus{Extend: true, Error: 4, Count: 0x1234, LBA: 0xA4A5A601C24F, Device: 0x40, Status: 0x50}
	short := ataReturn()
	short[2] = 0
	for name, tt := range map[string]struct {
		b    []byte
		want scsi.Sense
		text string
	}{
		"fixed": {fixedSense(5, 0x24, 0), scsi.Sense{Key: 5, ASC: 0x24}, "illegal request, 24h/00h (invalid field in cdb)"},
		"fixed, information": {
			[]byte{0xF1, 0, 3, 0, 1, 2, 3, 10, 0, 0, 0, 9, 0x11, 0x00, 0, 0, 0, 0},
			scsi.Sense{Key: 3, ASC: 0x11, Deferred: true, Information: new(uint64(0x010203)), CommandSpecific: new(uint64(9))},
			"medium error, 11h/00h (unrecovered read error), deferred",
		},
		"fixed, short":      {fixedSense(2, 4, 2)[:8], scsi.Sense{Key: 2}, "not ready, 00h/00h (no additional sense information)"},
		"fixed, length 0":   {[]byte{0x70, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x29, 0}, scsi.Sense{Key: 6}, "unit attention, 00h/00h (no additional sense information)"},
		"fixed, ATA":        {[]byte{0x70, 0, 1, 4, 0x50, 0x40, 7, 10, 0x80, 1, 2, 3, 0, 0x1D}, scsi.Sense{Key: 1, ASCQ: 0x1D, CommandSpecific: new(uint64(0x80010203)), ATA: &scsi.ATAStatus{Extend: true, Error: 4, Status: 0x50, Device: 0x40, Count: 7, LBA: 0x030201, LowOnly: true}}, "recovered error, 00h/1dh (ata pass through information available)"},
		"descriptor":        {descriptorSense(4, 0x5D, 0x32), scsi.Sense{Key: 4, ASC: 0x5D, ASCQ: 0x32}, "hardware error, 5dh/32h (data channel impending failure data error rate too high)"},
		"descriptor, more":  {descriptorSense(3, 0xEE, 1, cat([]byte{0, 10, 0x80, 0}, be64(77)), []byte{0x77, 1, 9}, cat([]byte{1, 10, 0, 0}, be64(88))), scsi.Sense{Key: 3, ASC: 0xEE, ASCQ: 1, Information: new(uint64(77)), CommandSpecific: new(uint64(88))}, "medium error, eeh/01h"},
		"descriptor, ATA":   {descriptorSense(1, 0, 0x1D, ataReturn()), scsi.Sense{Key: 1, ASCQ: 0x1D, ATA: ata}, "recovered error, 00h/1dh (ata pass through information available)"},
		"descriptor, ATA28": {descriptorSense(1, 0, 0x1D, short), scsi.Sense{Key: 1, ASCQ: 0x1D, ATA: &scsi.ATAStatus{Error: 4, Count: 0x34, LBA: 0x01C24F, Device: 0x40, Status: 0x50}}, "recovered error, 00h/1dh (ata pass through information available)"},
		"descriptor, cut":   {descriptorSense(1, 0, 0x1D, ataReturn())[:20], scsi.Sense{Key: 1, ASCQ: 0x1D}, "recovered error, 00h/1dh (ata pass through information available)"},
	} {
		got, err := scsi.DecodeSense(tt.b)
		check(t, name, got, err, &tt.want)
		if got != nil && got.String() != tt.text {
			t.Errorf("%s: %q", name, got.String())
		}
	}
	for _, b := range [][]byte{nil, {0x70}, {0x72, 1, 2, 3, 0, 0, 0}, {0x00, 0, 0, 0, 0, 0, 0, 0}, {0x7F, 0, 0, 0, 0, 0, 0, 0}} {
		if s, err := scsi.DecodeSense(b); !errors.Is(err, inventory.ErrMalformed) || s != nil {
			t.Errorf("% x: %v %v", b, s, err)
		}
	}
}

func TestPowerCondition(t *testing.T) {
	t.Parallel()
	for want, codes := range map[scsi.PowerCondition][][3]byte{
		scsi.PowerActive:  {{0, 0, 0}},
		scsi.PowerIdle:    {{0, 0x5E, 1}, {0, 0x5E, 3}, {0, 0x5E, 8}},
		scsi.PowerStandby: {{0, 0x5E, 2}, {0, 0x5E, 4}, {0, 0x5E, 9}},
		scsi.PowerStopped: {{2, 4, 2}, {2, 4, 0x11}},
		scsi.PowerUnknown: {{0, 0x5E, 0x40}, {6, 0x29, 0}},
	} {
		for _, c := range codes {
			got, err := scsi.DecodeSense(fixedSense(c[0], c[1], c[2]))
			check(t, "power", got.Power(), err, want)
		}
	}
}

// TestSenseExceptions: of what REQUEST SENSE brings, only a warning and a
// predicted failure say something of the drive's health.
func TestSenseExceptions(t *testing.T) {
	t.Parallel()
	for codes, want := range map[[3]byte]bool{
		{0, 0x5D, 0x10}: true, {0, 0x5D, 0}: true, {1, 0x0B, 1}: true,
		{0, 0x5D, 0xFF}: false, // the test of the mechanism
		{0, 0, 0}:       false, {2, 4, 2}: false, {0, 0x5E, 3}: false, {6, 0x29, 0}: false,
	} {
		s, err := scsi.DecodeSense(fixedSense(codes[0], codes[1], codes[2]))
		if err != nil {
			t.Fatal(err)
		}
		if e := s.Exceptions(); (e != nil) != want || e != nil && (e.ASC != codes[1] || e.ASCQ != codes[2]) {
			t.Errorf("% x: %+v", codes, e)
		}
	}
	deferred := fixedSense(1, 0x5D, 0x10)
	deferred[0] = 0x71 // of an earlier command
	if s, err := scsi.DecodeSense(deferred); err != nil || s.Exceptions() != nil {
		t.Errorf("%+v %v", s, err)
	}
}
