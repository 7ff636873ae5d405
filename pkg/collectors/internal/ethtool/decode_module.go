package ethtool

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A Page is a part of a module's memory that is read at once.
type Page struct {
	I2CAddress uint8 // 50h, or 51h for the diagnostics of an SFP
	Page, Bank uint8
	Offset     uint8 // 0-127 below the pages, 128-255 in one
	Length     uint8 // at most 128, not across the middle
}

const (
	pageBytes       = 128
	maxModuleMemory = 256 + 256*128
	moduleInfoBytes = 44 // struct ethtool_modinfo
	eepromHeader    = 16 // struct ethtool_eeprom without its data

	eepromOffset, eepromLength, eepromPage, eepromBank, eepromI2C, eepromData = 2, 3, 4, 5, 6, 7
)

// valid is the kernel's own rule, and this package's list of pages: identity
// and monitors. Writing a page's number is how a module is told which page to
// show; no other byte is written.
func (p Page) valid() bool {
	end := int(p.Offset) + int(p.Length)
	switch p.Page {
	case 0:
	case 0x01, 0x02, 0x03, 0x11:
		if p.Offset < pageBytes || p.I2CAddress != 0x50 {
			return false
		}
	default:
		return false
	}
	return (p.I2CAddress == 0x50 || p.I2CAddress == 0x51) && p.Bank == 0 && p.Length > 0 &&
		(end <= pageBytes || p.Offset >= pageBytes && end <= 2*pageBytes)
}

// attributes are those of a MODULE_EEPROM_GET request.
func (p Page) attributes() []byte {
	b := appendUint32(nil, eepromOffset, uint32(p.Offset))
	b = appendUint32(b, eepromLength, uint32(p.Length))
	b = appendAttribute(b, eepromPage, []byte{p.Page})
	b = appendAttribute(b, eepromBank, []byte{p.Bank})
	return appendAttribute(b, eepromI2C, []byte{p.I2CAddress})
}

// decodePage is the inverse of attributes: every attribute once, no other.
func decodePage(b []byte) (Page, error) {
	list, err := decodeAttributes(b)
	if err != nil {
		return Page{}, err
	}
	var p Page
	seen := map[uint16]bool{}
	for _, a := range list {
		ok := false
		switch a.kind {
		case eepromOffset, eepromLength:
			var v uint32
			v, ok = a.uint32()
			ok = ok && v < 2*pageBytes
			if a.kind == eepromOffset {
				p.Offset = uint8(v)
			} else {
				p.Length = uint8(v)
			}
		case eepromPage:
			p.Page, ok = a.uint8()
		case eepromBank:
			p.Bank, ok = a.uint8()
		case eepromI2C:
			p.I2CAddress, ok = a.uint8()
		}
		if !ok || seen[a.kind] {
			return Page{}, fmt.Errorf("module page: attribute %d: %w", a.kind, inventory.ErrMalformed)
		}
		seen[a.kind] = true
	}
	if len(seen) != 5 {
		return Page{}, fmt.Errorf("module page: %d attributes: %w", len(seen), inventory.ErrMalformed)
	}
	return p, nil
}

// DecodeModuleData decodes a MODULE_EEPROM_GET reply for n bytes.
func DecodeModuleData(b []byte, n int) ([]byte, error) {
	list, err := decodeAttributes(b)
	if err != nil {
		return nil, fmt.Errorf("module memory: %w", err)
	}
	for _, a := range list {
		if a.kind == eepromData {
			if len(a.value) != n {
				return nil, fmt.Errorf("module memory: %d bytes, want %d: %w", len(a.value), n, inventory.ErrMalformed)
			}
			return a.value, nil
		}
	}
	return nil, fmt.Errorf("module memory: none in the reply: %w", inventory.ErrMalformed)
}

// Kinds of memory by ioctl (ETH_MODULE_SFF_*).
const (
	moduleSFF8079 = 1
	moduleSFF8472 = 2
)

// ModuleInfo is what the ioctl knows of a module before it reads it.
type ModuleInfo struct {
	Type, Bytes uint32
}

// DecodeModuleInfo decodes struct ethtool_modinfo.
func DecodeModuleInfo(b []byte) (ModuleInfo, error) {
	if len(b) != moduleInfoBytes {
		return ModuleInfo{}, fmt.Errorf("module information of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return ModuleInfo{binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])}, nil
}

// flat is where a page lies in the one row of bytes the ioctl shows: for an
// SFP the two addresses behind each other, else the lower half, then the
// pages; ok is false for what the row does not hold.
func (m ModuleInfo) flat(p Page) (offset uint32, ok bool) {
	offset = uint32(p.Offset)
	switch m.Type {
	case moduleSFF8079, moduleSFF8472:
		if p.Page != 0 {
			return 0, false
		}
		if p.I2CAddress == 0x51 {
			offset += 256
		}
	default:
		if p.I2CAddress != 0x50 || p.Bank != 0 {
			return 0, false
		}
		offset += uint32(p.Page) * pageBytes
	}
	return offset, m.Bytes <= maxModuleMemory && offset+uint32(p.Length) <= m.Bytes
}

// decodeModuleIoctl decodes struct ethtool_eeprom.
func decodeModuleIoctl(b []byte, n int) ([]byte, error) {
	if len(b) != eepromHeader+n {
		return nil, fmt.Errorf("module memory: %d bytes, want %d: %w", len(b), eepromHeader+n, inventory.ErrMalformed)
	}
	return b[eepromHeader:], nil
}
