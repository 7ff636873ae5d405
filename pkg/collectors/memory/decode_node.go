package memory

import (
	"fmt"
	"strconv"
	"strings"
)

// decodeNodeMemInfo is the size of a memory node: "Node 0 MemTotal: 32 kB"
// (drivers/base/node.c of Linux); nil where the text does not say it.
func decodeNodeMemInfo(text []byte, node int) *uint64 {
	prefix := fmt.Sprintf("Node %d MemTotal:", node)
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), prefix)
		if !ok {
			continue
		}
		number, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
		kb, err := strconv.ParseUint(number, 10, 52)
		if err != nil || unit != "kB" {
			return nil
		}
		return new(kb << 10)
	}
	return nil
}

// maxNodes is the kernel's own limit (MAX_NUMNODES).
const maxNodes = 1024

// decodeDistances reads a node's relative distances to all nodes: "10 21";
// nil where that is not what the text is.
func decodeDistances(text string) []int {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > maxNodes {
		return nil
	}
	all := make([]int, 0, len(words))
	for _, w := range words {
		n, err := strconv.ParseUint(w, 10, 31)
		if err != nil {
			return nil
		}
		all = append(all, int(n))
	}
	return all
}
