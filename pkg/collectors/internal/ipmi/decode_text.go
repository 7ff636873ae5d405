package ipmi

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf16"
)

// A TextEncoding is the type code of a type/length byte (FRU section 13, IPMI
// section 43.15).
type TextEncoding uint8

// The type codes. In SDR names code 0 means Unicode, in FRU fields binary.
const (
	EncodingBinary  TextEncoding = 0
	EncodingBCDPlus TextEncoding = 1
	EncodingPacked6 TextEncoding = 2
	EncodingLatin1  TextEncoding = 3
)

const languageEnglish = 25 // FRU section 15; 0 is English as well

// decodeText turns a field into text; ok is false when there is none: empty,
// blank, a placeholder the maker never filled in, or bytes that are no text.
// Binary comes out as lower-case hex.
func decodeText(enc TextEncoding, b []byte, language uint8) (string, bool) {
	if len(b) == 0 {
		return "", false
	}
	var s string
	switch enc {
	case EncodingBinary:
		if allBytes(b, 0) || allBytes(b, 0xFF) {
			return "", false
		}
		return hex.EncodeToString(b), true
	case EncodingBCDPlus:
		s = decodeBCDPlus(b)
	case EncodingPacked6:
		s = decodePacked6(b)
	default:
		s = decodeEightBit(b, language)
	}
	return usableText(s)
}

func decodeBCDPlus(b []byte) string {
	const digits = "0123456789 -.:,_"
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&0xF])
	}
	return string(out)
}

// decodePacked6 unpacks six-bit ASCII: bits come least significant first, and
// a character is its code plus 20h.
func decodePacked6(b []byte) string {
	out := make([]byte, 0, len(b)*8/6)
	var acc, bits uint
	for _, c := range b {
		acc |= uint(c) << bits
		for bits += 8; bits >= 6; bits -= 6 {
			out = append(out, byte(acc&0x3F)+0x20)
			acc >>= 6
		}
	}
	return string(out)
}

// decodeEightBit decodes type code 3. It is Latin-1 when the area's language
// is English and two-byte Unicode (least significant byte first) when it is
// not. Boards that name a wrong language and hold plain ASCII are more common
// than text whose every byte happens to be printable ASCII, so that is taken
// as ASCII in any language.
func decodeEightBit(b []byte, language uint8) string {
	if language == 0 || language == languageEnglish || len(b)%2 != 0 || printableASCII(b) {
		return decodeLatin1(b)
	}
	return decodeUCS2(b)
}

func decodeLatin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

func decodeUCS2(b []byte) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return string(utf16.Decode(u))
}

func printableASCII(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7E {
			return false
		}
	}
	return true
}

func allBytes(b []byte, v byte) bool {
	for _, c := range b {
		if c != v {
			return false
		}
	}
	return true
}

// usableText trims padding and refuses what says nothing.
func usableText(s string) (string, bool) {
	s = strings.TrimFunc(s, func(r rune) bool {
		return r == 0 || r == 0xFF || unicode.IsSpace(r)
	})
	word := false
	for _, r := range s {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return "", false
		}
		word = word || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	if !word || placeholder(s) {
		return "", false
	}
	return s, true
}

// placeholder says whether makers write s where they had nothing to write.
func placeholder(s string) bool {
	switch strings.ToLower(s) {
	case "to be filled by o.e.m.", "to be filled by oem", "default string", "not specified", "not available",
		"field not present", "not present", "none", "null", "n/a", "unknown", "unspecified", "undefined",
		"serial number", "part number", "product name", "asset tag", "no asset tag", "no asset information":
		return true
	}
	// A number of one repeated digit is not a number.
	const short = 6
	return len(s) >= short && (strings.Trim(s, "0") == "" || strings.Trim(strings.ToUpper(s), "X") == "")
}

func textPtr(enc TextEncoding, b []byte, language uint8) *string {
	s, ok := decodeText(enc, b, language)
	if !ok {
		return nil
	}
	return &s
}

// decodeSDRName decodes the id string of a record from its type/length byte
// on. The name ends where the record ends, whatever its length says.
func decodeSDRName(b []byte) string {
	if len(b) < 1 {
		return ""
	}
	enc, n := TextEncoding(b[0]>>6), int(b[0]&0x1F)
	text := b[1:]
	text = text[:min(n, len(text))]
	var s string
	switch enc {
	case EncodingBCDPlus:
		s = decodeBCDPlus(text)
	case EncodingPacked6:
		s = decodePacked6(text)
	case EncodingLatin1:
		s = decodeLatin1(text)
	default:
		s = decodeUCS2(text)
	}
	s = strings.TrimFunc(s, func(r rune) bool { return r == 0 || unicode.IsSpace(r) })
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// nameAt looks a code up in a table; "" where the table has no name.
func nameAt(names []string, code uint8) string {
	if int(code) < len(names) {
		return names[code]
	}
	return ""
}
