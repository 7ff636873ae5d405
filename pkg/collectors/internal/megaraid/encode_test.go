package megaraid_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Encoders of the structures the decoders read.

type page []byte

func newPage(n int) page            { return make(page, n) }
func (p page) u16(at int, v uint16) { binary.LittleEndian.PutUint16(p[at:], v) }
func (p page) u32(at int, v uint32) { binary.LittleEndian.PutUint32(p[at:], v) }
func (p page) u64(at int, v uint64) { binary.LittleEndian.PutUint64(p[at:], v) }
func (p page) str(at int, s string) { copy(p[at:], s) }

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func controllerPage() page {
	p := newPage(2048)
	p.u16(0, 0x1000)
	p.u16(2, 0x005D)
	p.u16(4, 0x1028)
	p.u16(6, 0x1F49)
	p.u32(0xB4, 2)
	p.str(0xB8, "APP")
	p.str(0xB8+8, "4.650.00-8095")
	p.str(0xB8+72, "BIOS")
	p.str(0xB8+72+8, "6.33.00.1")
	p.str(0x540, "PERC H730 Mini")
	p.str(0x590, "62Q00FX")
	p.u32(0x5B0, 0x31)
	for i, v := range []uint16{2, 1, 0, 9, 8, 1, 2} {
		p.u16(0x5C0+2*i, v)
	}
	p.u16(0x5D0, 1024)
	p.u16(0x5D4, 3)
	p.u16(0x5D6, 1)
	p.str(0x640, "25.5.5.0005")
	return p
}

func batteryPage() page {
	p := newPage(64)
	p[0] = 2
	p.u16(2, 3950)
	p.u16(4, 0xFFF6)
	p.u16(6, 31)
	p.u32(8, 1<<3)
	p.u16(34, 97)
	return p
}

func pdListPage() page {
	p := newPage(8 + 24*5)
	p.u32(0, uint32(len(p)))
	p.u32(4, 3)
	for i, id := range []uint16{8, 32, 0xFFFF} {
		e := p[8+24*i:]
		e.u16(0, id)
		e.u16(2, 32)
		e[4], e[5] = 1, byte(i)
		e.u64(8, 0x5000C500A1B2C3D4+uint64(i))
	}
	p[8+24+6] = 0x0D
	p[8:].u16(2, 0xFFFF)
	return p
}

func pdPage() page {
	p := newPage(512)
	p.u16(0, 8)
	copy(p[4:], unhex("00000612"))
	p[8] = 91
	p.str(12, "SEAGATE ST600MM0009     CN04W0M0AAAA            ")
	copy(p[100:], unhex("0083000c 01030008 5000c500a1b2c3d4"))
	p[167], p[187] = 4, 3
	p.u32(168, 11)
	p.u32(172, 12)
	p.u32(176, 13)
	p.u32(180, 14)
	p.u16(184, 0x18)
	p[186], p[188] = 1, 0x1C
	p.u64(200, 0x5000C500A1B2C3D5)
	p.u64(232, 1172123568)
	p.u16(256, 32)
	p[258], p[259] = 1, 7
	p[292], p[293], p[358] = 1, 1, 1
	p[370], p[401], p[402] = 1, 2, 38
	p.u16(404, 512)
	return p
}

func ldListPage() page {
	p := newPage(8 + 16*64)
	p.u32(0, 2)
	p[8+4] = 3
	p.u64(8+8, 1000)
	p[8+16], p[8+16+4] = 1, 2
	p.u64(8+16+8, 1<<60)
	return p
}

func ldConfig(target, primary, secondary, depth byte, arrays ...uint16) page {
	p := newPage(256)
	p[0] = target
	p.str(4, "data")
	p[23] = 1
	p[32], p[34], p[35], p[36], p[37], p[38], p[39], p[40] = primary, secondary, 7, 2, depth, 2, 1, 1
	for i, a := range arrays {
		s := p[64+24*i:]
		s.u64(0, 5)
		s.u64(8, 1000)
		s.u16(16, a)
	}
	return p
}

func ldPage() page {
	p := append(ldConfig(1, 1, 0, 2, 4, 5), newPage(128)...)
	p.u64(256, 2000)
	p.u32(264, 0x9)
	return p
}

func configPage(arrayStride, ldStride int) page {
	p := newPage(32)
	p.u16(4, 2)
	p.u16(6, uint16(arrayStride))
	p.u16(8, 2)
	p.u16(10, uint16(ldStride))
	p.u16(12, 2)
	p.u16(14, 40)
	stride := func(told, count, least int) int {
		if told == count*least {
			return least
		}
		return told
	}
	for i, members := range [][]uint16{{8, 0xFFFF}, {10, 11}} {
		a := newPage(stride(arrayStride, 2, 288))
		a.u64(0, 1000)
		a[8] = byte(len(members))
		a.u16(10, uint16(4+i))
		for k, id := range members {
			m := a[32+8*k:]
			m.u16(0, id)
			m.u16(4, 0x18)
			m[7] = byte(k)
		}
		p = append(p, a...)
	}
	for i := range 2 {
		p = append(p, append(ldConfig(byte(i), 1, 0, byte(2-i), 4, 5), newPage(stride(ldStride, 2, 256)-256)...)...)
	}
	for i := range 2 {
		s := newPage(40)
		s.u16(0, uint16(20+i))
		if i == 1 {
			s[4], s[7] = 1, 1
			s.u16(8, 5)
		}
		p = append(p, s...)
	}
	p.u32(0, uint32(len(p)))
	return p
}
