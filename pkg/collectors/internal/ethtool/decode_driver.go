package ethtool

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// driverInfoBytes is the size of struct ethtool_drvinfo.
const driverInfoBytes = 196

// Driver is what a driver says of itself; "" where it says nothing.
type Driver struct {
	Name         string
	Version      string // mostly the kernel's
	Firmware     string
	ExpansionROM string
	Bus          string // where the device sits, as the driver calls it
}

// DecodeDriver decodes struct ethtool_drvinfo.
func DecodeDriver(b []byte) (Driver, error) {
	if len(b) != driverInfoBytes {
		return Driver{}, fmt.Errorf("driver information of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return Driver{
		Name: said(b[4:36]), Version: said(b[36:68]), Firmware: said(b[68:100]),
		Bus: said(b[100:132]), ExpansionROM: said(b[132:164]),
	}, nil
}

// said is a text without what drivers write when they know nothing.
func said(b []byte) string {
	s := strings.TrimSpace(cString(b))
	switch strings.ToLower(s) {
	case "n/a", "na", "none", "unknown", "not available", "0.0-0", "-", "n/a n/a":
		return ""
	}
	return s
}

// maxAddress is MAX_ADDR_LEN, the longest hardware address.
const maxAddress = 32

// DecodePermanentAddress decodes struct ethtool_perm_addr; nil when the
// hardware has none.
func DecodePermanentAddress(b []byte) ([]byte, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("permanent address of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	n := uint32(b[4]) | uint32(b[5])<<8 | uint32(b[6])<<16 | uint32(b[7])<<24
	if n > maxAddress || int(n) > len(b)-8 {
		return nil, fmt.Errorf("permanent address of length %d: %w", n, inventory.ErrMalformed)
	}
	a := b[8 : 8+n]
	for _, c := range a {
		if c != 0 && c != 0xFF {
			return a, nil
		}
	}
	return nil, nil // all zeros or ones: nobody programmed it
}
