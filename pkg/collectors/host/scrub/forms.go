package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// where is in which part of a recording a form is sought.
type where uint8

const (
	inPath where = 1 << iota // names of files, and lists and links of them
	inData                   // what files and devices said
	inText                   // errors, reports
	inFRU                    // contents of FRU devices
	inAll  = inPath | inData | inText | inFRU
)

// form is one way to write a value, and its replacement.
type form struct {
	old, new string
	where    where
	word     bool // only where no letter or digit is beside it
}

// forms lists the ways to write a value.
func (n *names) forms(v value) []form {
	switch v.class {
	case classText:
		return textForms(v.text, n.text(v.text))
	case classHost:
		s := n.text(v.text)
		var all []form
		for _, c := range cases(v.text, s) {
			all = append(all, form{c[0], c[1], inData | inText | inFRU, true})
		}
		return all
	case classIPv4:
		return []form{{v.text, n.ipv4(v.text), inData | inText | inFRU, true}}
	default:
		to := n.id(v)
		all := idForms(v.id, to)
		if v.class == classUUID {
			all = append(all, rawForms(mixed(v.id), mixed(to))...)
			all = append(all, hexForms(mixed(v.id), mixed(to))...)
		}
		if len(v.id) == 6 {
			all = append(all, extended(v.id, to)...)
		}
		if v.text != "" { // it may be stored as text, too
			s := grouped(to, len(to), "")
			if v.class == classUUID && strings.Contains(v.text, "-") {
				s = dashed(to)
			}
			if len(s) == len(v.text) {
				if strings.ToUpper(v.text) == v.text {
					s = strings.ToUpper(s)
				}
				all = append(all, textForms(v.text, s)...)
			}
		}
		return all
	}
}

// cases are a text as it is, in lower and in upper case.
func cases(from, to string) [][2]string {
	all := [][2]string{{from, to}}
	for _, f := range []func(string) string{strings.ToLower, strings.ToUpper} {
		if c := [2]string{f(from), f(to)}; !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// long is from when on a text is sought inside of words, too, and in paths.
const long = 8

// mixed36 is true for letters and digits together, as in a service tag: nobody
// else writes that by chance, so it is sought inside of words, too.
func mixed36(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.ContainsFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
}

func textForms(from, to string) []form {
	var all []form
	add := func(w where, f func(string) string) {
		if o := f(from); len(o) >= 4 {
			all = append(all, form{o, f(to), w, false})
		}
	}
	everywhere := inData | inText | inFRU
	if len(from) >= long || strings.ContainsAny(from, "0123456789") && len(from) > 5 {
		everywhere = inAll
	}
	for _, c := range cases(from, to) {
		all = append(all, form{c[0], c[1], everywhere, len(from) < long && !mixed36(from)})
		b := c
		pick := func(f func(string) string) { // the same form of both
			if o := f(b[0]); len(o) >= 6 {
				all = append(all, form{o, f(b[1]), inData | inText | inPath, false})
			}
		}
		pick(func(s string) string { return hex.EncodeToString([]byte(s)) })
		pick(func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) })
	}
	add(inData, func(s string) string { return swapped(s, " ") })
	add(inData, func(s string) string { return swapped(s, "\x00") })
	add(inData, func(s string) string { return swapped(" "+s, " ") })
	for _, first := range []int{0, 1} { // beside other letters: all but those at the ends
		if even := (len(from) - first) &^ 1; even >= 6 && even+first <= len(to) {
			add(inData, func(s string) string { return swapped(s[first:first+even], "") })
		}
	}
	add(inData, func(s string) string { return wide(s, false) })
	add(inData, func(s string) string { return wide(s, true) })
	for shift := range 3 {
		if o := inner64(from, shift); len(o) >= 8 {
			all = append(all, form{o, inner64(to, shift), inData, false})
		}
	}
	if o := sixBit(from); o != "" && len(o) >= 4 {
		all = append(all, form{o, sixBit(to), inFRU, false})
	}
	if o := bcd(from); o != "" && len(o) >= 3 {
		all = append(all, form{o, bcd(to), inFRU, false})
	}
	return all
}

// swapped is a string as ATA has it: the bytes of each word exchanged, the last
// one filled up.
func swapped(s, pad string) string {
	if len(s)%2 != 0 {
		s += pad
	}
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// wide is UTF-16.
func wide(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

// inner64 is what base64 of any text holds that has s at a place of that
// remainder by three.
func inner64(s string, shift int) string {
	e := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
	from := []int{0, 2, 3}[shift]
	to := (shift + len(s)) * 8 / 6
	return e[from:min(to, len(e))]
}

// sixBit is packed 6-bit ASCII (FRU section 13); "" for what it cannot say.
func sixBit(s string) string {
	var out []byte
	bits, have := uint32(0), 0
	for _, c := range []byte(strings.ToUpper(s)) {
		if c < 0x20 || c > 0x5F {
			return ""
		}
		bits |= uint32(c-0x20) << have
		for have += 6; have >= 8; have -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	if have > 0 {
		out = append(out, byte(bits))
	}
	return string(out)
}

// bcd is BCD plus (FRU section 13); "" for what it cannot say.
func bcd(s string) string {
	var out []byte
	if len(s)%2 != 0 {
		s += " "
	}
	for i, c := range []byte(s) {
		n := strings.IndexByte("0123456789 -.", c)
		if n < 0 {
			return ""
		}
		if i%2 == 0 {
			out = append(out, byte(n)<<4)
		} else {
			out[len(out)-1] |= byte(n)
		}
	}
	return string(out)
}

func idForms(from, to []byte) []form {
	return append(hexForms(from, to), rawForms(from, to)...)
}

func rawForms(from, to []byte) []form {
	f, t := slices.Clone(from), slices.Clone(to)
	slices.Reverse(f)
	slices.Reverse(t)
	w := inData | inFRU
	return []form{
		{string(from), string(to), w, false},
		{string(f), string(t), w, false},
		{swapped(string(from), ""), swapped(string(to), ""), w, false},
	}
}

// hexForms are the digits with what people put between them.
func hexForms(from, to []byte) []form {
	var all []form
	for _, group := range []int{1, 2, 4, len(from)} {
		for _, sep := range []string{":", "-", " ", ".", "_"} {
			o, t := grouped(from, group, sep), grouped(to, group, sep)
			for _, c := range cases(o, t) {
				if f := (form{c[0], c[1], inAll, false}); !slices.Contains(all, f) {
					all = append(all, f)
				}
			}
		}
	}
	if len(from) == 16 {
		for _, c := range cases(dashed(from), dashed(to)) {
			all = append(all, form{c[0], c[1], inAll, false})
		}
		if a, b := short(from), short(to); len(a) == len(b) {
			all = append(all, form{a, b, inText | inData, true})
		}
	}
	return all
}

func grouped(b []byte, group int, sep string) string {
	var parts []string
	for p := range slices.Chunk(b, group) {
		parts = append(parts, hex.EncodeToString(p))
	}
	return strings.Join(parts, sep)
}

func dashed(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// mixed is a UUID with its first three numbers in the other order.
func mixed(b []byte) []byte {
	m := slices.Clone(b)
	slices.Reverse(m[:4])
	slices.Reverse(m[4:6])
	slices.Reverse(m[6:8])
	return m
}

// extended are the longer addresses that are made of a MAC.
func extended(from, to []byte) []form {
	var all []form
	for _, middle := range [][]byte{{0xFF, 0xFE}, {0xFF, 0xFF}, {0x03, 0x00}, {0x00, 0x00}} {
		for _, flip := range []byte{0, 2} {
			f := slices.Concat([]byte{from[0] ^ flip}, from[1:3], middle, from[3:])
			t := slices.Concat([]byte{to[0] ^ flip}, to[1:3], middle, to[3:])
			all = append(all, idForms(f, t)...)
		}
	}
	return all
}
