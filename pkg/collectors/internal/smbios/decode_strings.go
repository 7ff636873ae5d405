package smbios

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// raw gives string number n of the structure (DSP0134 section 6.1.3), made
// safe. ok is false when the structure has no such string; number 0 means that
// there is none.
func (s Structure) raw(n uint8) (text string, ok bool) {
	if n == 0 || int(n) > len(s.strings) || s.strings[0] == "" {
		// An empty string ends the set, also as its first.
		return "", false
	}
	return safe(s.strings[n-1]), true
}

// stringAt gives the string whose number is at offset; "" when there is none.
func (s Structure) stringAt(offset int) string {
	n, ok := s.u8(offset)
	if !ok {
		return ""
	}
	text, _ := s.raw(n)
	return text
}

// label reads the name of a place on the board: what is printed next to a
// slot. Hardly any text is wrong there.
func (s Structure) label(offset int) string {
	return unlessPlaceholder(s.stringAt(offset), placeholder)
}

// name reads the name of a thing: manufacturer, product, version.
func (s Structure) name(offset int) string {
	return unlessPlaceholder(s.stringAt(offset), placeholderName)
}

// number reads what tells one thing from another: serial number, asset tag,
// part number.
func (s Structure) number(offset int) string {
	return unlessPlaceholder(s.stringAt(offset), placeholderNumber)
}

// safe trims a string and replaces what could harm a terminal or is not text:
// each control character and each byte that is not UTF-8 becomes a dot.
func safe(s string) string {
	s = strings.Trim(s, " ")
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7F {
			return replaceUnsafe(s)
		}
	}
	return s
}

func replaceUnsafe(s string) string {
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) {
			b = append(b, "......"[:n]...)
		} else {
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return string(b)
}

// check names what is wrong inside a structure of a type that has a view: it
// is too short even for the first version of its type, or a field refers to a
// string that is not there.
func (s Structure) check(sp span, problems *Problems) {
	least, offsets := layout(s.typ)
	if s.Length() < least {
		problems.structure(s.header(), sp.start, "%d bytes, its type has at least %d", s.Length(), least)
	}
	for _, offset := range offsets {
		s.checkString(offset, sp, problems)
	}
	switch s.typ {
	case 3:
		if offset, ok := (Chassis{s}).skuOffset(); ok {
			s.checkString(offset, sp, problems)
		}
	case 11:
		if n, ok := s.u8(0x04); ok && int(n) > len(s.strings) && !sp.cut {
			problems.structure(s.header(), sp.start, "announces %d strings, has %d", n, len(s.strings))
		}
	}
}

func (s Structure) checkString(offset int, sp span, problems *Problems) {
	n, ok := s.u8(offset)
	if !ok || n == 0 || sp.cut {
		return // Of a structure cut off in its strings that was said already.
	}
	if _, ok := s.raw(n); !ok {
		problems.structure(s.header(), sp.start, "field %02xh refers to string %d of %d", offset, n, len(s.strings))
	}
}

// header is the structure's header as it was in the table.
func (s Structure) header() []byte {
	return []byte{s.typ, uint8(s.Length()), uint8(s.handle), uint8(s.handle >> 8)}
}

// layout gives, for each type with a view, the size in the first version of
// the standard that has it, and the offsets of its fixed string numbers.
func layout(typ uint8) (least int, stringOffsets []int) {
	switch typ {
	case 0:
		return 0x12, []int{0x04, 0x05, 0x08}
	case 1:
		return 0x08, []int{0x04, 0x05, 0x06, 0x07, 0x19, 0x1A}
	case 2:
		return 0x08, []int{0x04, 0x05, 0x06, 0x07, 0x08, 0x0A}
	case 3:
		return 0x09, []int{0x04, 0x06, 0x07, 0x08}
	case 4:
		return 0x1A, []int{0x04, 0x07, 0x10, 0x20, 0x21, 0x22, 0x32}
	case 7:
		return 0x0F, []int{0x04}
	case 8:
		return 0x09, []int{0x04, 0x06}
	case 9:
		return 0x0C, []int{0x04}
	case 11:
		return 0x05, nil
	case 16:
		return 0x0F, nil
	case 17:
		return 0x15, []int{0x10, 0x11, 0x17, 0x18, 0x19, 0x1A, 0x2B}
	case 19:
		return 0x0F, nil
	case 38:
		return 0x10, nil
	case 39:
		return 0x10, []int{0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B}
	case 41:
		return 0x0B, []int{0x04}
	case 43:
		return 0x1B, []int{0x12}
	}
	return 0, nil
}
