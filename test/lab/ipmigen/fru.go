// Package ipmigen makes the configuration of an emulated BMC: FRU areas, SDRs
// and the command file and LAN configuration of OpenIPMI's ipmi_sim.
//
// Layouts follow the IPMI Platform Management FRU Information Storage
// Definition 1.3 and IPMI 2.0. No decoder of the project is used.
package ipmigen

import "encoding/binary"

// FRU is what one FRU device stores. Nil areas are left out.
type FRU struct {
	ID      uint8
	Name    string // Of its SDR; FRU 0 has none.
	Entity  uint8  // Entity id of its SDR, 0x0A for a power supply.
	Chassis *ChassisArea
	Board   *BoardArea
	Product *ProductArea
	Supply  *SupplyRecord
}

// ChassisArea is FRU 1.3 section 10.
type ChassisArea struct {
	Type                     uint8
	PartNumber, SerialNumber string
}

// BoardArea is FRU 1.3 section 11.
type BoardArea struct {
	Minutes                                                     uint32 // Since 1996-01-01 00:00 UTC.
	Manufacturer, ProductName, SerialNumber, PartNumber, FileID string
}

// ProductArea is FRU 1.3 section 12.
type ProductArea struct {
	Manufacturer, Name, PartNumber, Version, SerialNumber, AssetTag, FileID string
}

// SupplyRecord is the multirecord "Power Supply Information" (FRU 1.3 section
// 18.1) with one "DC Output" (18.2).
type SupplyRecord struct {
	CapacityWatts    uint16
	OutputMillivolts int
}

// Encode lays the areas out one behind the other.
func (f FRU) Encode() []byte {
	var areas [3][]byte
	if c := f.Chassis; c != nil {
		areas[0] = area([]byte{1, 0, c.Type}, c.PartNumber, c.SerialNumber)
	}
	if b := f.Board; b != nil {
		head := []byte{1, 0, 25, byte(b.Minutes), byte(b.Minutes >> 8), byte(b.Minutes >> 16)}
		areas[1] = area(head, b.Manufacturer, b.ProductName, b.SerialNumber, b.PartNumber, b.FileID)
	}
	if p := f.Product; p != nil {
		areas[2] = area([]byte{1, 0, 25}, p.Manufacturer, p.Name, p.PartNumber, p.Version, p.SerialNumber, p.AssetTag, p.FileID)
	}
	header := []byte{1, 0, 0, 0, 0, 0, 0}
	var body []byte
	for i, a := range areas {
		if a != nil {
			header[2+i] = offset(body)
			body = append(body, a...)
		}
	}
	if f.Supply != nil {
		header[5] = offset(body)
		body = append(body, f.Supply.encode()...)
	}
	return append(append(header, checksum(header)), body...)
}

func offset(body []byte) byte { return byte((8 + len(body)) / 8) }

// area writes a header, its type/length fields, the end mark, the length in
// units of eight bytes and the checksum.
func area(head []byte, fields ...string) []byte {
	b := head
	for _, f := range fields {
		b = append(append(b, 0xC0|byte(len(f))), f...)
	}
	b = append(b, 0xC1)
	for len(b)%8 != 7 {
		b = append(b, 0)
	}
	b[1] = byte((len(b) + 1) / 8)
	return append(b, checksum(b))
}

func (s SupplyRecord) encode() []byte {
	info := binary.LittleEndian.AppendUint16(nil, s.CapacityWatts&0xFFF)
	info = append(info, 0xFF, 0xFF, 55, 5) // Peak VA unknown, inrush 55 A for 5 ms.
	for _, v := range []uint16{10000, 14000, 20000, 26400} {
		info = binary.LittleEndian.AppendUint16(info, v) // Input ranges in 10 mV.
	}
	info = append(info, 47, 63, 12, 0x0E, 0, 0, 0, 0, 0, 0)
	dc := []byte{1}
	mv := s.OutputMillivolts
	for _, v := range []int{mv / 10, mv * 95 / 1000, mv * 105 / 1000, 120, 0, min(int(s.CapacityWatts)*1_000_000/mv, 65535)} {
		dc = binary.LittleEndian.AppendUint16(dc, uint16(v))
	}
	return append(record(0x00, info, false), record(0x01, dc, true)...)
}

// record writes a multirecord header (FRU 1.3 section 16.1) and its data.
func record(typ byte, data []byte, last bool) []byte {
	format := byte(2)
	if last {
		format |= 0x80
	}
	h := []byte{typ, format, byte(len(data)), checksum(data)}
	return append(append(h, checksum(h)), data...)
}

func checksum(b []byte) byte {
	var sum byte
	for _, v := range b {
		sum += v
	}
	return -sum
}
