package megaraid

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

const (
	configHeaderBytes = 32
	arrayBytes        = 288
	maxRow            = 32
	spareBytes        = 40
	maxDedicated      = 16
)

// A Config is a controller's whole configuration (struct MR_CONFIG_DATA).
type Config struct {
	Bytes     uint32 // length of the whole
	Arrays    []Array
	Drives    []LDConfig
	Spares    []Spare
	Truncated bool // there is more than was read
}

// An Array is a group of physical drives.
type Array struct {
	Ref     uint16
	Members []Member
}

// A Member is a place in an array; DeviceID is nil when the drive is missing.
type Member struct {
	DeviceID *uint16
	State    PDState
	Slot     uint8
}

// A Spare is a hot spare and the arrays it is for; none = all.
type Spare struct {
	DeviceID uint16
	Arrays   []uint16
}

// Members returns the device ids of a logical drive's physical drives, in the
// order of its spans, and how many are missing.
func (c *Config) Members(target uint8) (ids []uint16, missing int) {
	for _, d := range c.Drives {
		if d.Target != target {
			continue
		}
		for _, s := range d.Spans {
			for _, a := range c.Arrays {
				if a.Ref != s.Array {
					continue
				}
				for _, m := range a.Members {
					if m.DeviceID == nil {
						missing++
						continue
					}
					ids = append(ids, *m.DeviceID)
				}
				break
			}
		}
		break
	}
	return ids, missing
}

// DecodeConfig decodes the configuration, as much of it as was read.
func DecodeConfig(b []byte) (*Config, error) {
	if len(b) < configHeaderBytes {
		return nil, fmt.Errorf("configuration: %w: %d bytes, want at least %d", inventory.ErrMalformed, len(b), configHeaderBytes)
	}
	le := binary.LittleEndian
	c := &Config{Bytes: le.Uint32(b)}
	if int64(c.Bytes) < int64(len(b)) && c.Bytes >= configHeaderBytes {
		b = b[:c.Bytes]
	}
	c.Truncated = int64(c.Bytes) > int64(len(b))
	header, rest := b[:configHeaderBytes], b[configHeaderBytes:]
	section := func(at, least int, each func(e []byte)) {
		count := int(le.Uint16(header[at:]))
		size := stride(int(le.Uint16(header[at+2:])), count, least)
		for range count {
			if len(rest) < least {
				c.Truncated = true
				return
			}
			each(rest)
			rest = rest[min(size, len(rest)):]
		}
	}
	section(4, arrayBytes, func(e []byte) { c.Arrays = append(c.Arrays, array(e)) })
	section(8, ldConfigBytes, func(e []byte) { c.Drives = append(c.Drives, ldConfig(e)) })
	section(12, spareBytes, func(e []byte) { c.Spares = append(c.Spares, spare(e)) })
	return c, nil
}

// stride returns how far apart the entries of a section are: as far as the
// header tells, but QEMU's controller tells the length of the whole section,
// and an entry is never shorter than what is read of it.
func stride(told, count, least int) int {
	if told < least || told == least*count {
		return least
	}
	return told
}

func array(e []byte) Array {
	le := binary.LittleEndian
	a := Array{Ref: le.Uint16(e[10:])}
	for i := range min(int(e[8]), maxRow) {
		m := e[32+8*i:]
		a.Members = append(a.Members, Member{DeviceID: deviceID(m), State: PDState(le.Uint16(m[4:])), Slot: m[7]})
	}
	return a
}

func spare(e []byte) Spare {
	le := binary.LittleEndian
	s := Spare{DeviceID: le.Uint16(e)}
	if e[4]&1 != 0 { // dedicated
		for i := range min(int(e[7]), maxDedicated) {
			s.Arrays = append(s.Arrays, le.Uint16(e[8+2*i:]))
		}
	}
	return s
}
