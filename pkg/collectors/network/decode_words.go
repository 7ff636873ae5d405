package network

import (
	"fmt"
	"strconv"
	"strings"
)

// typeName is an ARPHRD_* number.
func typeName(v uint16) string {
	switch v {
	case 1:
		return "ethernet"
	case 24:
		return "ieee1394"
	case 32:
		return "infiniband"
	case 280:
		return "can"
	case 512:
		return "ppp"
	case 519:
		return "rawip"
	case 801, 802, 803:
		return "ieee80211"
	case 804, 805:
		return "ieee802154"
	case 0xFFFE:
		return "none"
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// assignment is addr_assign_type (NET_ADDR_*).
func assignment(v uint8) string {
	names := [...]string{"permanent", "random", "stolen", "set"}
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// hardwareAddress checks an address of 6 octets (Ethernet), 20 (InfiniBand) or
// another length a kernel knows; "" for one that nobody set.
func hardwareAddress(s string) (mac string, ok bool) {
	octets := strings.Split(strings.ToLower(s), ":")
	if len(octets) < 6 || len(octets) > 20 {
		return "", s == ""
	}
	zeros, ones := true, true
	for _, o := range octets {
		if n, err := strconv.ParseUint(o, 16, 8); err != nil || len(o) != 2 {
			return "", false
		} else if n != 0 {
			zeros = false
			ones = ones && n == 0xFF
		} else {
			ones = false
		}
	}
	if zeros || ones {
		return "", true
	}
	return strings.Join(octets, ":"), true
}

// macOf writes octets; "" for a length no interface here has.
func macOf(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02x", c)
	}
	mac, ok := hardwareAddress(strings.Join(parts, ":"))
	if !ok {
		return ""
	}
	return mac
}

func operState(s string) string {
	switch s {
	case "notpresent":
		return "not_present"
	case "lowerlayerdown":
		return "lower_layer_down"
	case "down", "testing", "dormant", "up":
		return s
	}
	return "" // unknown: the driver does not tell
}

func carrier(s string) (up *bool, ok bool) {
	switch s {
	case "":
		return nil, true
	case "0", "1":
		return new(s == "1"), true
	}
	return nil, false
}

// speed is -1, in old kernels 4294967295 or 65535, when it is not known.
func speed(s string) (mbps *uint32, ok bool) {
	if s == "" {
		return nil, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < -1 || n > 1<<32-1 {
		return nil, false
	}
	if n <= 0 || n == 65535 || n > 1<<31-1 {
		return nil, true
	}
	return new(uint32(n)), true
}

func duplex(s string) (text string, ok bool) {
	switch s {
	case "full", "half":
		return s, true
	case "", "unknown":
		return "", true
	}
	return "", false
}

// hexDigits is a port id; "" for another form or one of zeros.
func hexDigits(s string) string {
	if len(s) > 64 || strings.Trim(s, "0") == "" || strings.Trim(strings.ToLower(s), "0123456789abcdef") != "" {
		return ""
	}
	return strings.ToLower(s)
}

// word is the first of "802.3ad 4".
func word(s string) string {
	first, _, _ := strings.Cut(s, " ")
	return first
}

func narrow(v *uint64) *uint32 {
	if v == nil || *v > 1<<32-1 {
		return nil
	}
	return new(uint32(*v))
}

// naught is nil for zero, where that means none.
func naught(v *uint64) *uint64 {
	if v == nil || *v == 0 {
		return nil
	}
	return v
}

// isBMC says whether a USB network device is a BMC's: it speaks one of the
// classes a gadget offers, and is of a maker of BMCs, or says what it is.
func isBMC(driver, id, words string) bool {
	switch driver {
	case "cdc_ether", "cdc_eem", "cdc_ncm", "cdc_subset", "rndis_host":
	default:
		return false
	}
	switch id {
	case "413c:a102", "04b3:4010": // iDRAC; IMM and XCC
		return true
	}
	switch id[:4] {
	case "046b", "0b1f": // American Megatrends, Insyde
		return true
	}
	words = strings.ToLower(words)
	for _, w := range []string{"virtual ethernet", "virtual nic", "virtual network", "idrac", "ilo ", "bmc", "redfish", "xclarity", "host interface"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}
