package nvidia

import "bytes"

// decodeVendors reports whether /proc/bus/pci/devices lists a function of the
// vendor, given as four lower-case hex digits. Its lines begin with bus and
// device, a tab, then vendor and device id in eight digits (drivers/pci/proc.c
// of Linux). ok is false when the text has another form or no line at all.
func decodeVendors(b []byte, vendor string) (found, ok bool) {
	for line := range bytes.Lines(b) {
		_, rest, tab := bytes.Cut(line, []byte("\t"))
		ids, _, tab2 := bytes.Cut(rest, []byte("\t"))
		if !tab || !tab2 || len(ids) != 8 {
			return false, false
		}
		ok = true
		found = found || string(ids[:4]) == vendor
	}
	return found, ok
}
