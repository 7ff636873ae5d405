package nvidia

import (
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	xidText      = "NVRM: Xid ("
	maxXidDetail = 200
)

// decodeXid decodes a message of the driver such as
//
//	NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, GPU has fallen off the bus.
//
// in which older drivers leave out "PCI:", and newer ones may add the part of
// the GPU after a blank (NVIDIA: Xid Errors, "Working with Xid Errors"). The
// address is without function.
func decodeXid(text string) (address string, x inventory.Xid, ok bool) {
	_, text, ok = strings.Cut(text, xidText)
	if !ok {
		return "", x, false
	}
	where, rest, ok := strings.Cut(text, "): ")
	if !ok {
		return "", x, false
	}
	where, _, _ = strings.Cut(strings.TrimPrefix(where, "PCI:"), " ")
	if address, ok = slotAddress(where); !ok {
		return "", x, false
	}
	number, detail, _ := strings.Cut(rest, ",")
	code, err := strconv.ParseUint(strings.TrimSpace(number), 10, 32)
	if err != nil {
		return "", x, false
	}
	detail = sysfs.Clean(detail)
	if len(detail) > maxXidDetail {
		detail = strings.ToValidUTF8(detail[:maxXidDetail], "") + "..."
	}
	return address, inventory.Xid{Code: uint32(code), Detail: detail}, true
}

// slotAddress brings "0000:3b:00", also with a domain of eight digits, into the
// kernel's form.
func slotAddress(s string) (string, bool) {
	parts := strings.Split(strings.ToLower(s), ":")
	const domainBusDevice = 3
	if len(parts) != domainBusDevice || len(parts[1]) != 2 || len(parts[2]) != 2 {
		return "", false
	}
	for _, p := range parts {
		if _, err := strconv.ParseUint(p, 16, 32); err != nil {
			return "", false
		}
	}
	domain := strings.TrimLeft(parts[0], "0")
	for len(domain) < 4 {
		domain = "0" + domain
	}
	return domain + ":" + parts[1] + ":" + parts[2], true
}
