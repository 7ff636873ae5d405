package diff

import "strings"

// buses knows the PCI functions of a report by address.
type buses map[string]map[string]any

func newBuses(functions []map[string]any) buses {
	b := buses{}
	for _, f := range functions {
		if a := text(f["address"]); a != "" {
			b[a] = f
		}
	}
	return b
}

// way is the functions from the root to the one at address, by device and
// function number: "0000:00/1c.0/00.0". It stays when buses are renumbered.
// Without the functions above, the address itself is the best there is.
func (b buses) way(address string) string {
	var steps []string
	const deepest = 32 // a chain of bridges is short; a loop is not
	for range deepest {
		bus, step, ok := cutLast(address, ":")
		if !ok {
			break
		}
		parent := ""
		if f := b[address]; f != nil {
			parent = text(f["parent"])
		}
		if parent == "" || parent == address {
			address = bus + "/" + step
			break
		}
		steps = append(steps, step)
		address = parent
	}
	for i := len(steps) - 1; i >= 0; i-- {
		address += "/" + steps[i]
	}
	return address
}

func (b buses) slot(address string) string { return text(b[address]["slot"]) }

// parent is the address of the bridge above.
func (b buses) parent(address string) string { return text(b[address]["parent"]) }

// isGPU is true for display controllers and accelerators.
func isGPU(class string) bool {
	return strings.HasPrefix(class, "03") || strings.HasPrefix(class, "12")
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
