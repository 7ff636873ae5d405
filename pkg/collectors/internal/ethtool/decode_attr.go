package ethtool

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// attribute is one netlink attribute (struct nlattr): length and type, 16 bits
// each, then the value, padded to four bytes.
type attribute struct {
	kind  uint16
	value []byte
}

const (
	attributeHeader = 4
	nestedFlag      = 0x8000 // NLA_F_NESTED
	kindMask        = 0x3FFF // NLA_TYPE_MASK
)

func decodeAttributes(b []byte) ([]attribute, error) {
	list := []attribute{}
	for len(b) > 0 {
		if len(b) < attributeHeader {
			return nil, fmt.Errorf("netlink attribute: %d bytes left: %w", len(b), inventory.ErrMalformed)
		}
		n := int(binary.LittleEndian.Uint16(b))
		if n < attributeHeader || n > len(b) {
			return nil, fmt.Errorf("netlink attribute of %d bytes with %d left: %w", n, len(b), inventory.ErrMalformed)
		}
		list = append(list, attribute{binary.LittleEndian.Uint16(b[2:]) & kindMask, b[attributeHeader:n]})
		b = b[min((n+3)&^3, len(b)):]
	}
	return list, nil
}

func appendAttribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(attributeHeader+len(value)))
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func appendUint32(b []byte, kind uint16, v uint32) []byte {
	return appendAttribute(b, kind, binary.LittleEndian.AppendUint32(nil, v))
}

func (a attribute) uint8() (uint8, bool) {
	if len(a.value) != 1 {
		return 0, false
	}
	return a.value[0], true
}

func (a attribute) uint32() (uint32, bool) {
	if len(a.value) != 4 {
		return 0, false
	}
	return binary.LittleEndian.Uint32(a.value), true
}

// text is a string up to its NUL.
func (a attribute) text() string { return cString(a.value) }

func cString(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// bit is one member of a bit set in its verbose form.
type bit struct {
	name string
	set  bool
}

// maxBits is far above the 125 link modes that are known.
const maxBits = 1024

// decodeBits reads a verbose bit set. In a list without mask
// (ETHTOOL_A_BITSET_NOMASK) all bits listed are set; else those listed are in
// the mask, and a flag tells which of them are set.
func decodeBits(b []byte) ([]bit, error) {
	const (
		bitsetNoMask, bitsetBits = 1, 3
		bitsBit                  = 1
		bitName, bitValue        = 2, 3
	)
	top, err := decodeAttributes(b)
	if err != nil {
		return nil, err
	}
	noMask := false
	list := []bit{}
	for _, a := range top {
		if a.kind == bitsetNoMask {
			noMask = true
		}
	}
	for _, a := range top {
		if a.kind != bitsetBits {
			continue
		}
		members, err := decodeAttributes(a.value)
		if err != nil {
			return nil, err
		}
		if len(members) > maxBits {
			return nil, fmt.Errorf("bit set of %d: %w", len(members), inventory.ErrMalformed)
		}
		for _, m := range members {
			if m.kind != bitsBit {
				continue
			}
			fields, err := decodeAttributes(m.value)
			if err != nil {
				return nil, err
			}
			one := bit{set: noMask}
			for _, f := range fields {
				switch f.kind {
				case bitName:
					one.name = f.text()
				case bitValue:
					one.set = true
				}
			}
			list = append(list, one)
		}
	}
	return list, nil
}
