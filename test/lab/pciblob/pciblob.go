// Package pciblob makes the files from which the kernel module labpci builds
// a PCI domain: configuration spaces of functions that are not there.
package pciblob

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Function is one function and its configuration space.
type Function struct {
	Bus, Device, Number uint8
	Config              []byte
}

// Endpoint describes a made-up function.
type Endpoint struct {
	Vendor, Device, SubVendor, SubDevice uint16
	Class                                uint32 // Base class, sub-class, interface.
	SerialNumber                         uint64 // 0: no such capability.
	MaxSpeed, Speed                      uint8  // PCI Express generation, 1 is 2.5 GT/s.
	MaxWidth, Width                      uint8
	NoAER                                bool
	Bridge                               *Bridge
}

// Bridge makes the function a root port.
type Bridge struct {
	Primary, Secondary, Subordinate uint8
	Slot                            uint16
}

// Make lays out a configuration space of 4 KiB: PCI Express capability at 40h
// (PCI Express 4.0 section 7.5.3), AER at 100h, serial number at 150h.
func Make(e Endpoint) []byte {
	c := make([]byte, 4096)
	le := binary.LittleEndian
	le.PutUint16(c[0:], e.Vendor)
	le.PutUint16(c[2:], e.Device)
	le.PutUint16(c[4:], 0x0006)
	le.PutUint16(c[6:], 0x0010)
	c[8], c[9], c[10], c[11] = 1, byte(e.Class), byte(e.Class>>8), byte(e.Class>>16)
	c[12] = 0x10
	flags := uint16(2) // Version 2, endpoint.
	if b := e.Bridge; b != nil {
		c[14] = 1
		c[0x18], c[0x19], c[0x1A] = b.Primary, b.Secondary, b.Subordinate
		flags = 2 | 4<<4 | 1<<8 // Root port with a slot.
		le.PutUint32(c[0x54:], uint32(b.Slot)<<19|0x60)
	} else {
		le.PutUint16(c[0x2C:], e.SubVendor)
		le.PutUint16(c[0x2E:], e.SubDevice)
	}
	c[0x34], c[0x40] = 0x40, 0x10
	le.PutUint16(c[0x42:], flags)
	le.PutUint32(c[0x44:], 0x8002)
	le.PutUint16(c[0x48:], 0x2810)
	le.PutUint32(c[0x4C:], uint32(e.MaxSpeed)|uint32(e.MaxWidth)<<4|1<<24)
	le.PutUint16(c[0x50:], 0x40)
	le.PutUint16(c[0x52:], uint16(e.Speed)|uint16(e.Width)<<4|0x2000)
	le.PutUint32(c[0x6C:], 1<<(e.MaxSpeed+1)-2)
	le.PutUint16(c[0x70:], uint16(e.MaxSpeed))
	extended(c, e)
	return c
}

func extended(c []byte, e Endpoint) {
	next := uint32(0)
	if e.SerialNumber != 0 {
		next = 0x150
		binary.LittleEndian.PutUint32(c[0x150:], 0x0003|1<<16)
		binary.LittleEndian.PutUint64(c[0x154:], e.SerialNumber)
	}
	id := uint32(0x0001) // AER.
	if e.NoAER {
		id = 0x0000 // A null capability carries the chain on.
	}
	binary.LittleEndian.PutUint32(c[0x100:], id|2<<16|next<<20)
}

// Encode writes the module's records: bus, devfn, flags (1: root bus), length,
// configuration space.
func Encode(functions []Function) []byte {
	behind := map[uint8]bool{}
	for _, f := range functions {
		if len(f.Config) > 0x1A && f.Config[0x0E]&0x7F == 1 {
			behind[f.Config[0x19]] = true
		}
	}
	sorted := slices.Clone(functions)
	slices.SortStableFunc(sorted, func(a, b Function) int {
		return int(a.Bus)<<8 + int(devfn(a)) - int(b.Bus)<<8 - int(devfn(b))
	})
	var out []byte
	for _, f := range sorted {
		flags := uint16(1)
		if behind[f.Bus] {
			flags = 0
		}
		out = append(out, f.Bus, devfn(f))
		out = binary.LittleEndian.AppendUint16(out, flags)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(f.Config)))
		out = append(out, f.Config...)
	}
	return out
}

func devfn(f Function) uint8 { return f.Device<<3 | f.Number&7 }

// FromLspci reads the output of `lspci -D -x`, -xxx or -xxxx of a real machine.
func FromLspci(text string) ([]Function, error) {
	head := regexp.MustCompile(`^(?:[0-9a-f]{4,8}:)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])\s`)
	row := regexp.MustCompile(`^([0-9a-f]{2,3}):((?: [0-9a-f]{2})+)\s*$`)
	var out []Function
	for line := range strings.Lines(text) {
		if m := head.FindStringSubmatch(line); m != nil {
			out = append(out, Function{Bus: hex8(m[1]), Device: hex8(m[2]), Number: hex8(m[3])})
		} else if m := row.FindStringSubmatch(line); m != nil && len(out) > 0 {
			b, err := hex.DecodeString(strings.ReplaceAll(m[2], " ", ""))
			if err != nil {
				return nil, fmt.Errorf("lspci line %q: %w", line, err)
			}
			f := &out[len(out)-1]
			f.Config = append(f.Config, b...)
		}
	}
	out = slices.DeleteFunc(out, func(f Function) bool { return len(f.Config) < 64 })
	if len(out) == 0 {
		return nil, fmt.Errorf("lspci: no configuration space in the text (want lspci -xxxx)")
	}
	return out, nil
}

// hex8 is a matched hexadecimal number.
func hex8(s string) uint8 {
	n, _ := strconv.ParseUint(s, 16, 8)
	return uint8(n)
}

// Example is part of a GPU server: a GPU on a link of 4 lanes out of 16, a
// network card with two functions, and a drive.
func Example() []Function {
	port := func(bus, secondary, maxWidth, width uint8) Function {
		return Function{Bus: bus, Config: Make(Endpoint{
			Vendor: 0x8086, Device: 0x2030, Class: 0x060400, MaxSpeed: 3, MaxWidth: maxWidth, Speed: 3, Width: width,
			Bridge: &Bridge{Primary: bus, Secondary: secondary, Subordinate: secondary, Slot: 4},
		})}
	}
	nic := Endpoint{
		Vendor: 0x15B3, Device: 0x1017, SubVendor: 0x15B3, SubDevice: 0x0007, Class: 0x020000,
		MaxSpeed: 3, MaxWidth: 16, Speed: 3, Width: 8, SerialNumber: 0x0C42A1000011223C,
	}
	return []Function{
		port(0x17, 0x18, 16, 4),
		{Bus: 0x18, Config: Make(Endpoint{
			Vendor: 0x10DE, Device: 0x20F1, SubVendor: 0x10DE, SubDevice: 0x145F, Class: 0x030200,
			MaxSpeed: 4, MaxWidth: 16, Speed: 3, Width: 4, SerialNumber: 0x48B02D5E6F000001,
		})},
		port(0x3A, 0x3B, 8, 8),
		{Bus: 0x3B, Config: Make(nic)},
		{Bus: 0x3B, Number: 1, Config: Make(nic)},
		port(0x5D, 0x5E, 4, 4),
		{Bus: 0x5E, Config: Make(Endpoint{
			Vendor: 0x144D, Device: 0xA824, SubVendor: 0x144D, SubDevice: 0xA801, Class: 0x010802,
			MaxSpeed: 4, MaxWidth: 4, Speed: 3, Width: 4, SerialNumber: 0x0025385A01B00001,
		})},
	}
}
