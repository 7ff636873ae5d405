package smbios

import (
	"bytes"
	"encoding/binary"
)

// Sizes of the three kinds of entry point (DSP0134 section 5.2).
const (
	entry2Size      = 0x1F // _SM_, 32-bit
	entry3Size      = 0x18 // _SM3_, 64-bit
	entryDMISize    = 0x0F // _DMI_, the second half of _SM_, alone before 2.1
	entryDMIOffset  = 0x10 // of _DMI_ inside _SM_
	entry2ShortSize = 0x1E // a slip of the pen in version 2.1 that firmware copied
)

// entryPoint is what an entry point says about the table.
type entryPoint struct {
	version Version
	// count and length are -1 when not said or when the checksum over them is
	// wrong: then they must not decide what is read.
	count, length int
	// lengthIsMaximum: the table may be shorter (64-bit entry points).
	lengthIsMaximum bool
}

// decodeEntry reads an entry point. Everything that is wrong with it is added
// to problems; what stays believable is used.
func decodeEntry(b []byte, problems *Problems) entryPoint {
	unknown := entryPoint{count: -1, length: -1}
	switch {
	case b == nil:
		return unknown
	case bytes.HasPrefix(b, []byte("_SM3_")):
		return decodeEntry3(b, problems)
	case bytes.HasPrefix(b, []byte("_SM_")):
		return decodeEntry2(b, problems)
	case bytes.HasPrefix(b, []byte("_DMI_")):
		e := decodeEntryDMI(b, false, problems)
		if len(b) >= entryDMISize {
			e.version = versionFromBCD(b[0x0E])
		}
		return e
	case len(b) >= entry2ShortSize && bytes.HasPrefix(b[entryDMIOffset:], []byte("_DMI_")):
		// The first anchor is damaged; what lies under the second anchor has
		// a checksum of its own.
		return decodeEntry2(b, problems)
	}
	problems.entry("no anchor in its %d bytes", len(b))
	return unknown
}

// decodeEntry3 reads a 64-bit entry point (DSP0134 section 5.2.2).
func decodeEntry3(b []byte, problems *Problems) entryPoint {
	e := entryPoint{count: -1, length: -1, lengthIsMaximum: true}
	good := checkEntry(b, 0x06, entry3Size, entry3Size, problems)
	if len(b) >= 0x0A { // 07h major, 08h minor, 09h document revision.
		e.version = announcedVersion(b[0x07], b[0x08], good, problems)
		if e.version.Known {
			e.version.DocRev, e.version.Revised = b[0x09], true
		}
	}
	if good { // 0Ch structure table maximum size.
		if n := binary.LittleEndian.Uint32(b[0x0C:]); n > 0 {
			e.length = int(n)
		}
	}
	return e
}

// decodeEntry2 reads a 32-bit entry point (DSP0134 section 5.2.1).
func decodeEntry2(b []byte, problems *Problems) entryPoint {
	good := checkEntry(b, 0x05, entry2Size, entry2ShortSize, problems)
	if !bytes.HasPrefix(b, []byte("_SM_")) {
		problems.entry("anchor _SM_ is damaged")
		good = false
	}
	e := entryPoint{count: -1, length: -1}
	if len(b) >= entryDMIOffset {
		e = decodeEntryDMI(b[entryDMIOffset:], good, problems)
	}
	if len(b) >= 0x08 { // 06h major, 07h minor.
		e.version = announcedVersion(b[0x06], b[0x07], good, problems)
	}
	if !e.version.Known && len(b) >= entry2Size { // 1Eh BCD revision.
		e.version = versionFromBCD(b[0x1E])
	}
	return e
}

// decodeEntryDMI reads the intermediate entry point at offset 10h of a 32-bit
// one, which holds what there is to know about the table. covered says that
// the checksum of the whole entry point is right: enough for one that is a
// byte short, see entry2ShortSize.
func decodeEntryDMI(b []byte, covered bool, problems *Problems) entryPoint {
	e := entryPoint{count: -1, length: -1}
	short := covered && len(b) == entryDMISize-1
	switch {
	case len(b) < entryDMISize && !short:
		problems.entry("cut off in its intermediate part")
	case !bytes.HasPrefix(b, []byte("_DMI_")):
		problems.entry("anchor _DMI_ is damaged")
	case !short && sum(b[:entryDMISize]) != 0:
		problems.entry("intermediate checksum is wrong")
	default: // 06h (16h) table length, 0Ch (1Ch) number of structures.
		if n := binary.LittleEndian.Uint16(b[0x06:]); n > 0 {
			e.length = int(n)
		}
		if n := binary.LittleEndian.Uint16(b[0x0C:]); n > 0 {
			e.count = int(n)
		}
	}
	return e
}

// checkEntry verifies length byte and checksum of an entry point.
func checkEntry(b []byte, lengthAt, size, atLeast int, problems *Problems) bool {
	if len(b) < atLeast {
		problems.entry("%d bytes, %d needed", len(b), size)
		return false
	}
	n := int(b[lengthAt])
	if n < atLeast || n > len(b) {
		problems.entry("announces %d bytes for itself, has %d", n, len(b))
		return false
	}
	if sum(b[:n]) != 0 {
		problems.entry("checksum is wrong")
		return false
	}
	return true
}

func announcedVersion(major, minor uint8, good bool, problems *Problems) Version {
	major, minor = fixVersion(major, minor)
	if !good && !saneVersion(major, minor) || major < 2 {
		problems.entry("version %d.%d is not believable", major, minor)
		return Version{}
	}
	return Version{Major: major, Minor: minor, Known: true}
}

// versionFromBCD reads the revision that 2.x entry points also give as two
// decimal digits; 0 refers to the other version fields.
func versionFromBCD(b uint8) Version {
	major, minor := b>>4, b&0x0F
	if major != 2 || minor > 9 {
		return Version{}
	}
	return Version{Major: major, Minor: minor, Known: true}
}

func sum(b []byte) (s uint8) {
	for _, c := range b {
		s += c
	}
	return s
}
