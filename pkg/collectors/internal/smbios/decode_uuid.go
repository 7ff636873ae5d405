package smbios

import "encoding/hex"

// A UUID is a system's UUID as the firmware gave it.
type UUID struct {
	// Value is lower case with dashes, in the byte order that the version of
	// the table demands; "" when there is none.
	Value string
	// Usable is false where the value cannot tell this machine from others;
	// Reason then says why: "absent", "all_zero", "all_ff" (Value is "" for
	// these three), "repeated" (one byte sixteen times), "sequence" (counting
	// bytes), "known_duplicate" (a value many machines were shipped with).
	Usable bool
	Reason string
}

// decodeUUID reads a UUID field (DSP0134 section 7.2.1). From version 2.6 on
// its first three fields are little-endian; before that the standard did not
// say, and firmware wrote them as RFC 4122 does.
func decodeUUID(b []byte, version Version) UUID {
	if len(b) != 16 {
		return UUID{Reason: "absent"}
	}
	if repeated(b) {
		switch b[0] {
		case 0x00: // Not set, may be set.
			return UUID{Reason: "all_zero"}
		case 0xFF: // Not set, cannot be set.
			return UUID{Reason: "all_ff"}
		}
	}
	var o [16]byte
	copy(o[:], b)
	if version.AtLeast(2, 6) {
		o[0], o[1], o[2], o[3] = b[3], b[2], b[1], b[0]
		o[4], o[5] = b[5], b[4]
		o[6], o[7] = b[7], b[6]
	}
	u := UUID{Value: uuidText(o)}
	switch {
	case repeated(b):
		u.Reason = "repeated"
	case ascending(b) || ascending(o[:]):
		u.Reason = "sequence"
	case duplicateUUID(u.Value):
		u.Reason = "known_duplicate"
	default:
		u.Usable = true
	}
	return u
}

func uuidText(o [16]byte) string {
	var text [36]byte
	hex.Encode(text[0:], o[0:4])
	hex.Encode(text[9:], o[4:6])
	hex.Encode(text[14:], o[6:8])
	hex.Encode(text[19:], o[8:10])
	hex.Encode(text[24:], o[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// duplicateUUID knows values that vendors shipped in many machines.
func duplicateUUID(s string) bool {
	switch s {
	case "03000200-0400-0500-0006-000700080009", // AMI template, little-endian
		"00020003-0004-0005-0006-000700080009", // the same, read as big-endian
		"12345678-1234-5678-90ab-cddeefaabbcc", // template with a counting number
		"78563412-3412-7856-90ab-cddeefaabbcc",
		"4c4c4544-0000-2010-8020-80c04f202020", // Dell without a service tag
		"44454c4c-0000-2010-8020-80c04f202020":
		return true
	}
	return false
}

func repeated(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}

func ascending(b []byte) bool {
	for i := 1; i < len(b); i++ {
		if b[i] != b[i-1]+1 {
			return false
		}
	}
	return true
}
