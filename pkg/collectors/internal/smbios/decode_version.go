package smbios

import "strconv"

// Version is the version of the standard that a table follows, as its entry
// point announces it. The zero value is an unknown version.
type Version struct {
	Major, Minor uint8
	// DocRev is the revision of the document, which only 64-bit entry points
	// give; Revised says whether.
	DocRev  uint8
	Revised bool
	Known   bool
}

// String gives "2.8", with a document revision "3.2.0", or "" when unknown.
func (v Version) String() string {
	if !v.Known {
		return ""
	}
	s := strconv.Itoa(int(v.Major)) + "." + strconv.Itoa(int(v.Minor))
	if v.Revised {
		s += "." + strconv.Itoa(int(v.DocRev))
	}
	return s
}

// AtLeast says whether the version is major.minor or newer. A version that is
// not known counts as new: nearly all tables found today are.
func (v Version) AtLeast(major, minor uint8) bool {
	if !v.Known {
		return true
	}
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// fixVersion undoes what some firmware writes into a 2.x entry point: the
// minor number in hexadecimal of a decimal (2.31, 2.33 for 2.3; 2.51 for 2.6,
// drafted under that number).
func fixVersion(major, minor uint8) (uint8, uint8) {
	if major != 2 {
		return major, minor
	}
	switch minor {
	case 0x1F, 0x21:
		return 2, 3
	case 0x33:
		return 2, 6
	}
	return major, minor
}

// saneVersion is what is asked of a version whose checksum is wrong. 2.8 was
// the last of the 2.x line.
func saneVersion(major, minor uint8) bool {
	return major == 2 && minor <= 8 || major == 3 && minor <= 15
}
