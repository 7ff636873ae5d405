package ata_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Encoders of the structures the decoders read, written from the tables of the
// standards.

type page []byte

func newPage() page { return make(page, 512) }

func (p page) word(i int, v uint16) { binary.LittleEndian.PutUint16(p[2*i:], v) }

func (p page) text(first, last int, s string) {
	n := 2 * (last - first + 1)
	s += strings.Repeat(" ", n-len(s))
	for i := range n {
		p[2*first+i^1] = s[i]
	}
}

// sum makes all bytes add up to zero.
func (p page) sum() page {
	var s byte
	for _, c := range p[:511] {
		s += c
	}
	p[511] = -s
	return p
}

func identifyPage() page {
	p := newPage()
	p.word(0, 0x0040)
	p.text(10, 19, "S45PNA0M520238")
	p.text(23, 26, "HXT7904Q")
	p.text(27, 46, "SAMSUNG MZ7LH960HAJR-00005")
	p.word(49, 1<<9)
	p.word(60, 0xFFFF)
	p.word(61, 0x0FFF)
	p.word(69, 1<<14)
	p.word(76, 0x0E|1<<8)
	p.word(77, 0x06)
	p.word(80, 0x0FFC)
	p.word(81, 0x005E)
	p.word(82, 0x0003)
	p.word(83, 0x4000|1<<10)
	p.word(84, 0x4000|1<<8|1<<5|3)
	p.word(85, 0x0001)
	p.word(87, 0x4000|1<<8|1<<5)
	binary.LittleEndian.PutUint64(p[200:], 1875385008)
	p.word(106, 0x6000|3)
	p.word(108, 0x5002)
	p.word(109, 0x538E)
	p.word(110, 0x1234)
	p.word(111, 0x5678)
	p.word(128, 0x0009)
	p.word(168, 3)
	p.word(169, 1)
	p.word(217, 1)
	p.word(222, 0x10FF)
	p.word(255, 0xA5)
	return p.sum()
}

type attribute struct {
	id    byte
	flags uint16
	value byte
	worst byte
	raw   string // six bytes, lowest first
}

func smartPage(attributes ...attribute) page {
	p := newPage()
	p.word(0, 16)
	for i, a := range attributes {
		e := p[2+12*i:]
		e[0], e[3], e[4] = a.id, a.value, a.worst
		binary.LittleEndian.PutUint16(e[1:], a.flags)
		copy(e[5:11], unhex(a.raw))
	}
	p[363] = 0xF7
	return p.sum()
}

func thresholdsPage(pairs ...byte) page {
	p := newPage()
	for i := 0; i < len(pairs); i += 2 {
		copy(p[2+6*i:], pairs[i:i+2])
	}
	return p.sum()
}

func selfTestPage() page {
	p := newPage()
	p[0] = 1
	entry := func(i int, kind, status byte, hours uint16, lba uint32) {
		e := p[2+24*i:]
		e[0], e[1] = kind, status
		binary.LittleEndian.PutUint16(e[2:], hours)
		binary.LittleEndian.PutUint32(e[5:], lba)
	}
	entry(20, 2, 0x00, 100, 0xFFFFFFFF)
	entry(0, 1, 0x79, 200, 0x123456)
	entry(1, 1, 0xF3, 300, 0xFFFFFFFF)
	p[508] = 2
	return p.sum()
}

func extSelfTestPage() page {
	p := newPage()
	p[0] = 1
	p.word(1, 2)
	copy(p[4:], []byte{2, 0x00, 0x10, 0x27, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	copy(p[30:], []byte{2, 0x75, 0x20, 0x27, 0, 1, 2, 3, 4, 5, 6})
	return p.sum()
}

func directoryPage() page {
	p := newPage()
	p.word(0, 1)
	p.word(4, 8)
	p.word(7, 1)
	return p
}

func listPage(pages ...byte) page {
	p := newPage()
	p.word(0, 1)
	p[8] = byte(len(pages))
	copy(p[9:], pages)
	return p
}

// statisticsPage sets statistics by number with their flags in bits 63:56.
func statisticsPage(number byte, values map[int]uint64) page {
	p := newPage()
	p.word(0, 1)
	p[2] = number
	for i, v := range values {
		binary.LittleEndian.PutUint64(p[8*i:], v)
	}
	return p
}

const validStatistic = 0xC0 << 56

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}
