//go:build linux

package megaraid

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

// The number and the offsets are what a C compiler says of the packed struct
// megasas_iocpacket and of the frames in it.
func TestPacket(t *testing.T) {
	t.Parallel()
	if unsafe.Sizeof(packet{}) != 404 || iocFirmware() != 0xC1944D01 {
		t.Errorf("%d bytes, %#x", unsafe.Sizeof(packet{}), iocFirmware())
	}
	inquiry := SCSIRequest(2, 9, scsi.InquiryRequest(96))
	inquiry.Timeout = 1500 * time.Millisecond
	for name, tt := range map[string]struct {
		req   device.Request
		data  uint64
		sense uint64
		want  string // without trailing zeros
	}{
		"direct command": {
			PDInfoRequest(0x0203, 0x0120), 0x1122334455667788, 0,
			"0302 0000 28000000 01000000 00000000 00000000" +
				"05 00 ff 00 00 00 00 01 0000000000000000 1000 0000 00020000 00000202 200100000000000000000000" + strings.Repeat("00", 128-40) +
				"8877665544332211 0002",
		},
		"pass-through": {
			inquiry, 0x1122334455667788, 0x8070605040302010,
			"0200 0000 30000000 01000000 18000000 60000000" +
				"04 60 ff 00 09 00 06 01 0000000000000000 1000 0200 60000000 1020304050607080 12000000600000000000000000000000" + strings.Repeat("00", 128-48) +
				"8877665544332211 60",
		},
		"without data": {
			SCSIRequest(2, 9, scsi.TestUnitReadyRequest()), 0, 0x8070605040302010,
			"0200 0000 30000000 00000000 18000000 60000000" +
				"04 60 ff 00 09 00 06 00 0000000000000000 0000 1e00 00000000 10203040506070 80",
		},
	} {
		c, err := ParseCommand(tt.req.Command)
		if err != nil {
			t.Fatal(err)
		}
		p := newPacket(c, tt.req)
		if tt.data != 0 {
			p.setData(tt.data)
		}
		if tt.sense != 0 {
			p.setSense(tt.sense)
		}
		want, err := hex.DecodeString(strings.ReplaceAll(tt.want, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, make([]byte, packetBytes-len(want))...)
		if diff := cmp.Diff(want, p[:]); diff != "" {
			t.Errorf("%s: %x\n%s", name, p[:], diff)
		}
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the layout is that of little-endian machines")
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]uint16{0: 30, time.Nanosecond: 1, time.Second: 1, 1001 * time.Millisecond: 2, 9999 * time.Hour: 3600} {
		if got := seconds(d); got != want {
			t.Errorf("%v: %d", d, got)
		}
	}
}

func TestTrimSense(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"": 0, "00000000000000000000": 0, "70": 0, "70000500000000020000ffffff": 10, "72052400000000 00ffff": 8, "720524000000 00ff00": 9,
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(in, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(trimSense(b)); got != want {
			t.Errorf("%s: %d, want %d", in, got, want)
		}
	}
}
