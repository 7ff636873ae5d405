package pcie

import (
	"bytes"
	"fmt"
	"strconv"

	"example.com/bee/pkg/inventory"
)

// maxKinds is more kinds of error than there are bits for.
const maxKinds = 64

// aerCounters is one of the attributes aer_dev_correctable, aer_dev_nonfatal
// and aer_dev_fatal.
type aerCounters struct {
	total uint64
	kinds map[string]uint64 // those that are not zero
}

// decodeAER reads such an attribute: "RxErr 0", a line for each kind, the sum
// last as "TOTAL_ERR_COR 0". Without that line the sum is made of the others.
// Source: drivers/pci/pcie/aer.c, aer_stats_dev_attr.
func decodeAER(text []byte) (aerCounters, error) {
	var c aerCounters
	var sum uint64
	hasTotal := false
	lines := 0
	for line := range bytes.Lines(text) {
		f := bytes.Fields(line)
		if len(f) == 0 {
			continue
		}
		n, err := uint64(0), strconv.ErrSyntax
		if len(f) == 2 {
			n, err = strconv.ParseUint(string(f[1]), 10, 64)
		}
		lines++
		if err != nil || !isWord(f[0]) || lines > maxKinds {
			return aerCounters{}, fmt.Errorf("line %d: %w", lines, inventory.ErrMalformed)
		}
		if bytes.HasPrefix(f[0], []byte("TOTAL_")) {
			c.total, hasTotal = n, true
			continue
		}
		sum += n
		if n > 0 {
			if c.kinds == nil {
				c.kinds = map[string]uint64{}
			}
			c.kinds[string(f[0])] = n
		}
	}
	if lines == 0 {
		return aerCounters{}, fmt.Errorf("empty: %w", inventory.ErrMalformed)
	}
	if !hasTotal {
		c.total = sum
	}
	return c, nil
}

func isWord(b []byte) bool {
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		default:
			return false
		}
	}
	return true
}
