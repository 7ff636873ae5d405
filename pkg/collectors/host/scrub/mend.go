package scrub

import (
	"bytes"
	"strings"

	"example.com/bee/pkg/collectors/host/archive"
)

// mend makes the checksums over an answer right that were right before.
func mend(c *archive.Call, before, after []byte) {
	switch {
	case c.Protocol == "scsi":
		mendATA(before, after)
	case c.Protocol == "ethtool":
		mendModule(before, after)
	case c.Protocol == "" && strings.HasSuffix(c.Name, "/vpd"):
		mendVPD(before, after)
	}
}

// mendATA is for IDENTIFY DEVICE and other pages of 512 bytes whose last byte
// makes the sum zero (ACS-4 section 9.10).
func mendATA(before, after []byte) {
	if len(before) == 512 && sum(before) == 0 && (before[510] == 0xA5 || before[0] != 0) {
		after[511] -= sum(after)
	}
}

// mendModule is for the first or upper page of a transceiver (SFF-8472 section
// 8, SFF-8636 section 6.3, CMIS 5.0 section 8.3): a byte behind each part is the
// part's sum. The page lies somewhere in an answer of the kernel's.
func mendModule(before, after []byte) {
	const page = 128
	for at := 0; at+96 <= len(before); at++ {
		b, a := before[at:], after[at:]
		classic := sum(b[:63]) == b[63] && sum(b[64:95]) == b[95] && !flat(b[:63]) && !flat(b[64:95])
		if classic {
			a[63], a[95] = sum(a[:63]), sum(a[64:95])
			return
		}
	}
	for at := 0; at+page <= len(before); at++ {
		// The maker's name stands in front, padded with spaces, and what it
		// is called: CMIS has no second sum to be sure by.
		b, a := before[at:], after[at:]
		if sum(b[:94]) == b[94] && len(before)-at-page < 4 && !flat(b[:94]) {
			a[94] = sum(a[:94])
			return
		}
	}
}

func flat(b []byte) bool { return bytes.Count(b, b[:1]) == len(b) }

// mendVPD is for PCI VPD: all bytes up to the first of the field RV make zero
// (PCI 3.0 appendix I).
func mendVPD(before, after []byte) {
	for at := 0; at+4 <= len(before); at++ {
		if before[at] == 'R' && before[at+1] == 'V' && before[at+2] > 0 && sum(before[:at+4]) == 0 {
			after[at+3] -= sum(after[:at+4])
			return
		}
	}
}

// lanAddress is true for answers of a controller that are an IPv4 address (IPMI
// 2.0 table 23-4): the four bytes are sought nowhere else, where they could be
// anything.
func lanAddress(c *archive.Call) bool {
	if c.Protocol != "ipmi" || len(c.Command) != 5 || c.Command[3] != 0x0C || c.Command[4] != 0x02 || len(c.Data) < 2 {
		return false
	}
	switch c.Data[1] {
	case 3, 12, 14:
		return true
	}
	return false
}
