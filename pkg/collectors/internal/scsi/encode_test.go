package scsi_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
)

// Encoders of the structures the decoders read, written from the tables of the
// standards.

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func be16(v int) []byte    { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func be32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
func be64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

func cat(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func pad(s string, n int) []byte { return []byte(s + strings.Repeat(" ", n-len(s))) }

func vpd(page uint8, body ...[]byte) []byte {
	b := cat(body...)
	return cat([]byte{0, page}, be16(len(b)), b)
}

func designator(codeSet, kind uint8, value []byte) []byte {
	return cat([]byte{codeSet, kind, 0, uint8(len(value))}, value)
}

func logPage(page, subpage uint8, params ...[]byte) []byte {
	b := cat(params...)
	if subpage != 0 {
		page |= 0x40
	}
	return cat([]byte{page, subpage}, be16(len(b)), b)
}

func param(code int, value ...byte) []byte {
	return cat(be16(code), []byte{0x03, uint8(len(value))}, value)
}

func inquiryData() []byte {
	b := cat([]byte{0x00, 0x00, 0x06, 0x12, 0x5B, 0x01, 0x50, 0x02}, pad("SEAGATE", 8), pad("ST600MM0009", 16), pad("CN04", 4), pad("W0M0AAAA", 20))
	return append(b, make([]byte, 96-len(b))...)
}

func deviceIDPage() []byte {
	return vpd(0x83,
		designator(2, 0x01, pad("SEAGATE ST600", 16)),
		designator(1, 0x03, []byte{0x50, 0, 0xC5, 0, 1, 2, 3, 4}),
		designator(0x61, 0x93, []byte{0x50, 0, 0xC5, 0, 1, 2, 3, 5}),
		designator(0x61, 0x94, []byte{0, 0, 0, 2}),
		designator(3, 0xA8, []byte("naa.5000C50001020306")),
	)
}

func ataInformationPage() []byte {
	return vpd(0x89, make([]byte, 4), pad("linux", 8), pad("libata", 16), pad("3.00", 4), make([]byte, 20), []byte{0xEC, 0, 0, 0}, make([]byte, 512))
}

func errorCountersPage(page uint8) []byte {
	return logPage(page, 0,
		param(0, be32(11)...), param(1, be64(12)...), param(2, 13), param(3, be64(14)...), param(4, be64(15)...),
		param(5, be64(1<<60)...), param(6, be32(3)...), param(0x8000, 1, 2, 3))
}

func startStopPage() []byte {
	return logPage(0x0E, 0, param(1, []byte("201631")...), param(2, []byte("      ")...),
		param(3, be32(10000)...), param(4, be32(35)...), param(5, be32(0xFFFFFFFF)...), param(6, be32(777)...))
}

func selfTestResult(code, first byte, hours int, lba uint64, sense ...byte) []byte {
	return param(int(code), cat([]byte{first, 7}, be16(hours), be64(lba), sense, []byte{0})...)
}

func selfTestsPage() []byte {
	return logPage(0x10, 0,
		selfTestResult(1, 0x20, 500, 0xFFFFFFFFFFFFFFFF, 0, 0, 0),
		selfTestResult(2, 0x47, 400, 0x123456789, 3, 0x11, 0),
		selfTestResult(3, 0x4F, 0xFFFF, 0xFFFFFFFFFFFFFFFF, 0, 0, 0),
		param(4, make([]byte, 16)...))
}

func scanPage() []byte {
	return logPage(0x15, 0,
		param(0, cat(be32(60000), []byte{0, 1}, be16(17), be16(0x8000), be16(16))...),
		param(1, cat(be32(5000), []byte{0x53, 0x11, 0x01, 0}, make([]byte, 4), be64(0xABCDEF))...))
}

func phyDescriptor(number, rate byte, errors uint32) []byte {
	b := make([]byte, 48)
	b[1], b[3], b[4], b[5] = number, 44, 0x10, rate
	copy(b[8:], []byte{0x50, 0, 0xC5, 0, 0, 0, 0, number})
	copy(b[16:], []byte{0x50, 0x06, 0x05, 0xB0, 0, 0, 0, 9})
	b[24] = 4
	for i := range 4 {
		copy(b[32+4*i:], be32(errors+uint32(i)))
	}
	return b
}

func portPage() []byte {
	return logPage(0x18, 0,
		param(1, cat([]byte{6, 0, 0, 1}, phyDescriptor(0, 0xB, 10))...),
		param(2, cat([]byte{6, 0, 0, 1}, phyDescriptor(1, 0x1, 20))...),
		param(3, 5, 0, 0, 0))
}

func modeSense10() []byte {
	pages := cat([]byte{0x88, 0x12, 0x14}, make([]byte, 17),
		[]byte{0x59, 0x01}, be16(4+48), []byte{0, 6, 0, 1}, func() []byte { b := phyDescriptor(0, 0xA, 0); b[33] = 0xBB; return b }(),
		[]byte{0x1C, 0x0A, 0x1C, 0x06}, make([]byte, 8))
	return cat(be16(6+8+len(pages)), []byte{0, 0x80, 0, 0}, be16(8), make([]byte, 8), pages)
}

func modeSense6() []byte {
	pages := cat([]byte{0x08, 0x12, 0x01}, make([]byte, 17))
	return cat([]byte{byte(3 + len(pages)), 0, 0, 0}, pages)
}

func sesPage(page, flags byte, generation uint32, body ...[]byte) []byte {
	b := cat(body...)
	return cat([]byte{page, flags}, be16(4+len(b)), be32(generation), b)
}

func sesConfig() []byte {
	enclosure := cat(unhex("500605b000000aff"), pad("LSI", 8), pad("SAS2X36", 16), pad("0e12", 4))
	return sesPage(1, 0, 7,
		cat([]byte{0x11, 0, 2, byte(len(enclosure))}, enclosure),
		[]byte{0x17, 2, 0, 5}, []byte{0x04, 1, 0, 0}, []byte("Slots"))
}

func sesStatus() []byte {
	return sesPage(2, 0x02, 7, be32(0x01000000), be32(0x41000000), be32(0x05000000), be32(0x01000000), be32(0x02112233))
}

func sesDescriptors() []byte {
	text := func(s string) []byte { return cat([]byte{0, 0}, be16(len(s)), []byte(s)) }
	return sesPage(7, 0, 7, text("bays"), text("Slot 01"), text("Slot 02"), text(""), text("TEMP"))
}

func sesAdditional() []byte {
	phy := make([]byte, 28)
	copy(phy[4:], unhex("500605b000000aff"))
	copy(phy[12:], unhex("5000c50001020305"))
	withIndex := cat([]byte{0x16, 0, 0, 0, 1, 0, 0, 12}, phy)
	withIndex[1] = byte(len(withIndex) - 2)
	without := cat([]byte{0x06, 30, 1, 0}, phy)
	invalid := []byte{0x96, 2, 0, 0}
	expander := []byte{0x16, 6, 0, 1, 0, 0x40, 0, 0}
	return sesPage(0x0A, 0, 7, withIndex, invalid, expander, without)
}

func descriptorSense(key, asc, ascq byte, descriptors ...[]byte) []byte {
	d := cat(descriptors...)
	return cat([]byte{0x72, key, asc, ascq, 0, 0, 0, byte(len(d))}, d)
}

func fixedSense(key, asc, ascq byte) []byte {
	return []byte{0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0}
}

func mustLog(t testing.TB, b []byte) *scsi.LogPage {
	t.Helper()
	l, err := scsi.DecodeLogPage(b)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
