package nvme_test

import (
	"encoding/binary"
	"testing"
)

// Encoders of the structures the decoders read, written from the figures of
// the specification. They are the only source of bytes where no real drive's
// are at hand.

type page []byte

func newPage(n int) page             { return make(page, n) }
func (p page) u8(at int, v uint8)    { p[at] = v }
func (p page) u16(at int, v uint16)  { binary.LittleEndian.PutUint16(p[at:], v) }
func (p page) u32(at int, v uint32)  { binary.LittleEndian.PutUint32(p[at:], v) }
func (p page) u64(at int, v uint64)  { binary.LittleEndian.PutUint64(p[at:], v) }
func (p page) put(at int, b ...byte) { copy(p[at:], b) }
func (p page) str(at, n int, s string) {
	for i := range n {
		p[at+i] = ' '
	}
	copy(p[at:at+n], s)
}

func controllerPage() page {
	p := newPage(4096)
	p.u16(0, 0x144D)
	p.u16(2, 0x1028)
	p.str(4, 20, "      S4YPNE0R400123")
	p.str(24, 40, "Dell Ent NVMe PM1735a MU 1.6TB")
	p.str(64, 8, "2.1.8")
	p.put(73, 0x38, 0x25, 0x00)
	p.u8(76, 0x03)
	p.u8(77, 9)
	p.u16(78, 0x41)
	p.u32(80, 0x010400)
	p.u32(96, 0x12)
	p.u8(111, 1)
	p.u16(256, 0x005F)
	p.u8(260, 0x17)
	p.u8(261, 0x0F)
	p.u8(262, 255)
	p.u8(263, 4)
	p.u16(266, 343)
	p.u16(268, 356)
	p.u64(280, 1600321314816)
	p.u64(296, 4096)
	p.u32(328, 3)
	p.u32(516, 32)
	p.u16(520, 0x5F)
	p.u8(525, 6)
	copy(p[768:], "nqn.1994-11.com.samsung:nvme:PM1735a:2.5-inch:S4YPNE0R400123")
	return p
}

func namespacePage() page {
	p := newPage(4096)
	p.u64(0, 1000)
	p.u64(8, 900)
	p.u64(16, 800)
	p.u8(25, 2) // three formats
	p.u8(26, 1)
	p.u8(30, 1)
	p.u64(48, 4096000)
	for i := range 16 {
		p.u8(104+i, uint8(i+1))
	}
	p.put(120, 0x00, 0x25, 0x38, 0x8A, 0x01, 0x02, 0x03, 0x04)
	p.u32(128, 9<<16|2<<24)
	p.u32(132, 12<<16|8)
	p.u32(136, 8<<16) // reserved size
	return p
}

func smartPage() page {
	p := newPage(512)
	p.u8(0, 0x85)
	p.u16(1, 273+41)
	p.u8(3, 97)
	p.u8(4, 10)
	p.u8(5, 103)
	p.u8(6, 1)
	for i := range 10 {
		p.u64(32+16*i, uint64(1000+i))
	}
	p.u64(32+8, 1) // 2^64 + 1000 units read
	p.u32(192, 7)
	p.u32(196, 8)
	p.u16(200, 273+45)
	p.u16(204, 273+60)
	p.u32(216, 1)
	p.u32(220, 2)
	p.u32(224, 3)
	p.u32(228, 4)
	return p
}

func firmwarePage() page {
	p := newPage(512)
	p.u8(0, 0x21)
	p.str(8, 8, "2.1.8")
	p.str(16, 8, "2.2.0")
	return p
}

func errorPage() page {
	p := newPage(3 * 64)
	p.u64(0, 0x1_0000_0001)
	p.u16(8, 1)
	p.u16(10, 0x1234)
	p.u16(12, 0x4004|1) // invalid field, do not retry, after a shift by the phase tag
	p.u64(16, 99)
	p.u32(24, 2)
	p.u64(64, 0x1_0000_0000)
	return p
}

func selfTestPage() page {
	p := newPage(564)
	p.u8(0, 2)
	p.u8(1, 33)
	for i := range 20 {
		p.u8(4+28*i, 0x0F)
	}
	p.put(4, 0x10) // short, passed
	p.u64(8, 1234)
	p.put(32, 0x27, 5, 0x0F) // extended, failed segment 5, everything valid
	p.u64(36, 1200)
	p.u32(44, 1)
	p.u64(48, 0xABCDEF)
	p.put(56, 0x02, 0x81)
	return p
}

func idsPage() page {
	p := newPage(4096)
	p.put(0, 1, 8, 0, 0, 0, 0x25, 0x38, 1, 2, 3, 4, 5)
	p.put(12, 0x7F, 2, 0, 0, 0xAA, 0xBB) // an unknown type is stepped over
	p.put(18, 3, 16, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
	p.put(38, 2, 16, 0, 0) // an NGUID of zeros
	p.put(58, 4, 1, 0, 0, 2)
	return p
}

func listPage(ids ...uint32) page {
	p := newPage(4096)
	for i, id := range ids {
		p.u32(4*i, id)
	}
	return p
}

func fullListPage(first uint32) page {
	p := newPage(4096)
	for i := range 1024 {
		p.u32(4*i, first+uint32(i))
	}
	return p
}

// each runs f with every length up to n, for tests of truncation.
func each(t *testing.T, b []byte, f func(b []byte) error) {
	t.Helper()
	for n := range b {
		if err := f(b[:n]); err == nil {
			t.Errorf("no error for %d of %d bytes", n, len(b))
			return
		}
	}
}
