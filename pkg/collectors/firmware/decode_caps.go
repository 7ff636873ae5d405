package firmware

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/tpm"
)

// caps is the attribute by which the kernel tells of a TPM 1.2.
type caps struct{ manufacturerID, version, firmware string }

// decodeCaps reads "Manufacturer: 0x53544d20", "TCG version: 1.2", "Firmware
// version: 13.12", a line each (drivers/char/tpm/tpm-sysfs.c of Linux). ok is
// false where none of them is there.
func decodeCaps(text []byte) (c caps, ok bool) {
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "Manufacturer":
			n, err := strconv.ParseUint(value, 0, 32)
			if err == nil {
				var b [4]byte
				binary.BigEndian.PutUint32(b[:], uint32(n))
				c.manufacturerID = tpm.Text(b[:])
			}
		case "TCG version":
			c.version = twoNumbers(value)
		case "Firmware version":
			c.firmware = twoNumbers(value)
		}
	}
	return c, c != caps{}
}

// twoNumbers is a version of two decimal numbers; "" for anything else.
func twoNumbers(s string) string {
	major, minor, ok := strings.Cut(s, ".")
	a, err1 := strconv.ParseUint(major, 10, 16)
	b, err2 := strconv.ParseUint(minor, 10, 16)
	if !ok || err1 != nil || err2 != nil {
		return ""
	}
	return fmt.Sprintf("%d.%d", a, b)
}

// version12 is the firmware version in the four bytes of TPM_VERSION, as SMBIOS
// holds them: specification major and minor, firmware major and minor.
func version12(v uint32) string {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], v)
	return fmt.Sprintf("%d.%d", b[2], b[3])
}
