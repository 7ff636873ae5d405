package memory

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const nodeDir = "/sys/devices/system/node"

// readNodes reads the kernel's memory nodes (kernel:
// Documentation/ABI/stable/sysfs-devices-node).
func readNodes(ctx context.Context, h *host.Host, m *inventory.Memory) error {
	names, err := h.ReadDir(ctx, nodeDir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return &inventory.PartError{ComponentID: "memory", Field: "nodes", Source: nodeDir, Err: sysfs.Cause(err)}
	}
	var errs []error
	for _, name := range numbered(names, "node") {
		n, err := strconv.Atoi(strings.TrimPrefix(name, "node"))
		if err != nil {
			continue // more digits than a number has
		}
		a := sysfs.Read(ctx, h, "memory", path.Join(nodeDir, name), "meminfo", "distance")
		node := inventory.MemoryNode{Node: n}
		if text := a.Bytes("meminfo", "nodes"); text != nil {
			if node.SizeBytes = decodeNodeMemInfo(text, n); node.SizeBytes == nil {
				a.Fail("meminfo", "nodes", inventory.ErrMalformed)
			}
		}
		if text := a.Text("distance", "nodes"); text != "" {
			if node.Distances = decodeDistances(text); node.Distances == nil {
				a.Fail("distance", "nodes", inventory.ErrMalformed)
			}
		}
		errs = append(errs, a.Err())
		m.Nodes = append(m.Nodes, node)
	}
	if len(m.Nodes) > 0 {
		m.Sources = append(m.Sources, nodeDir)
	}
	return errors.Join(errs...)
}
