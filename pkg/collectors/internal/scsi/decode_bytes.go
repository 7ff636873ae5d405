package scsi

import (
	"bytes"
	"encoding/binary"
	"strings"
)

func be16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }
func be32(b []byte) int { return int(binary.BigEndian.Uint32(b)) }

// Number reads a big-endian unsigned number of any length; ok is false when it
// has no bytes or does not fit 64 bits.
func Number(b []byte) (value uint64, ok bool) {
	if len(b) == 0 {
		return 0, false
	}
	for _, c := range b {
		if value > 1<<56-1 {
			return 0, false
		}
		value = value<<8 | uint64(c)
	}
	return value, true
}

// Text reads a space- or NUL-padded ASCII field. A field that is blank or all
// FFh says nothing: it becomes "". Bytes that are not printable ASCII become
// '?', so that whatever reads on gets plain text.
func Text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if len(bytes.Trim(b, "\xFF")) == 0 {
		return ""
	}
	out := make([]byte, len(b))
	for i, c := range b {
		if c < 0x20 || c > 0x7E {
			c = '?'
		}
		out[i] = c
	}
	return strings.TrimSpace(string(out))
}

// Hex returns bytes as lower-case hex, or "" when all are zero or all FFh:
// addresses nobody assigned.
func Hex(b []byte) string {
	const digits = "0123456789abcdef"
	zeros, ones := true, true
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		zeros, ones = zeros && c == 0, ones && c == 0xFF
		out = append(out, digits[c>>4], digits[c&15])
	}
	if zeros || ones {
		return ""
	}
	return string(out)
}
