package growth

import (
	"context"
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/host"
)

// nvmeDrive answers Identify and Get Log Page (NVMe Base 1.4 sections 5.15 and
// 5.14).
type nvmeDrive string

// Exchange implements [host.Device].
func (d nvmeDrive) Exchange(_ context.Context, r host.Request) (host.Response, error) {
	b := make([]byte, r.ReadLen)
	if len(r.Command) < 20 || len(b) < 512 {
		return host.Response{Status: make([]byte, 6), Data: b}, nil
	}
	cdw10 := binary.LittleEndian.Uint32(r.Command[16:])
	switch r.Command[0] {
	case 0x06:
		switch {
		case len(b) < 4096:
		case cdw10&0xFF == 0:
			binary.LittleEndian.PutUint64(b, 2048000)
			b[130] = 9 // 512-byte blocks.
		case cdw10&0xFF == 1:
			copy(b[4:], fmt.Sprintf("%-20s%-40s%-8s", string(d), "GROWTH NVME DRIVE", "FW01"))
			binary.LittleEndian.PutUint32(b[80:], 0x00010400)
			binary.LittleEndian.PutUint32(b[516:], 1)
		case cdw10&0xFF == 2:
			binary.LittleEndian.PutUint32(b, 1)
		}
	case 0x02:
		if cdw10&0xFF == 2 {
			b[1], b[2], b[3] = 0x2E, 1, 100 // 302 K.
		}
	}
	return host.Response{Status: make([]byte, 6), Data: b}, nil
}

// Close implements [host.Device].
func (nvmeDrive) Close() error { return nil }

// bmc answers what an audit asks of a management controller (IPMI 2.0).
type bmc struct {
	sdr, sel [][]byte
	next     map[uint16]int // Index of the SDR with that id.
}

func newBMC(sensorCount, events int) *bmc {
	b := &bmc{sdr: sensors(sensorCount), next: map[uint16]int{}}
	for i, r := range b.sdr {
		b.next[binary.LittleEndian.Uint16(r)] = i
	}
	for i := range events {
		r := make([]byte, 16)
		binary.LittleEndian.PutUint16(r, uint16(i+1))
		r[2] = 2
		binary.LittleEndian.PutUint32(r[3:], uint32(0x65000000+i))
		copy(r[7:], []byte{0x20, 0, 4, 1, uint8(i%250 + 1), 0x01, 0x57, 80, 75})
		b.sel = append(b.sel, r)
	}
	return b
}

// Exchange implements [host.Device].
func (b *bmc) Exchange(_ context.Context, r host.Request) (host.Response, error) {
	if len(r.Command) < 5 {
		return host.Response{Status: []byte{0xC1}}, nil
	}
	code, data := b.answer(r.Command[3], r.Command[4], r.Data)
	return host.Response{Status: []byte{code}, Data: data}, nil
}

// Close implements [host.Device].
func (*bmc) Close() error { return nil }

func (b *bmc) answer(netFn, command byte, data []byte) (code byte, answer []byte) {
	switch {
	case netFn == 0x06 && command == 0x01: // Get Device ID.
		return 0, []byte{0x20, 0x81, 0x02, 0x30, 0x02, 0xBF, 0x57, 0x01, 0, 0x34, 0x12}
	case netFn == 0x0A && (command == 0x22 || command == 0x42): // Reserve.
		return 0, []byte{1, 0}
	case netFn == 0x0A && command == 0x20: // Get SDR Repository Info.
		return 0, append([]byte{0x51, byte(len(b.sdr)), byte(len(b.sdr) >> 8)}, make([]byte, 11)...)
	case netFn == 0x0A && command == 0x23 && len(data) >= 6:
		return b.getSDR(data)
	case netFn == 0x0A && command == 0x40: // Get SEL Info.
		return 0, append([]byte{0x51, byte(len(b.sel)), byte(len(b.sel) >> 8)}, make([]byte, 11)...)
	case netFn == 0x0A && command == 0x43 && len(data) >= 6:
		return b.getEvent(binary.LittleEndian.Uint16(data[2:]))
	case netFn == 0x04 && command == 0x2D: // Get Sensor Reading.
		return 0, []byte{30, 0xC0, 0xC0}
	default:
		return 0xC1, nil
	}
}

func (b *bmc) getSDR(data []byte) (code byte, answer []byte) {
	id := binary.LittleEndian.Uint16(data[2:])
	i, ok := b.next[id]
	if !ok && id != 0 || len(b.sdr) == 0 {
		return 0xCB, nil
	}
	record, at, n := b.sdr[i], int(data[4]), int(data[5])
	if at > len(record) {
		return 0xC9, nil
	}
	follows := uint16(0xFFFF)
	if i+1 < len(b.sdr) {
		follows = uint16(i + 2)
	}
	return 0, append(binary.LittleEndian.AppendUint16(nil, follows), record[at:min(at+n, len(record))]...)
}

func (b *bmc) getEvent(id uint16) (code byte, answer []byte) {
	i := int(id) - 1
	switch {
	case len(b.sel) == 0:
		return 0xCB, nil
	case id == 0:
		i = 0
	case id == 0xFFFF:
		i = len(b.sel) - 1
	case i >= len(b.sel):
		return 0xCB, nil
	}
	follows := uint16(0xFFFF)
	if i+1 < len(b.sel) {
		follows = uint16(i + 2)
	}
	return 0, append(binary.LittleEndian.AppendUint16(nil, follows), b.sel[i]...)
}
