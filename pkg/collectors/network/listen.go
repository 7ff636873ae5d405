package network

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/lldp"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// hears is true for interfaces a switch can be heard on.
func hears(n *inventory.NIC) bool {
	return n.Type == "ethernet" && n.AdminUp != nil && *n.AdminUp && n.LinkUp != nil && *n.LinkUp && (n.BMCLink == nil || !*n.BMCLink)
}

// maxFrames bounds what a network that says too much can make us read.
const maxFrames = 4096

// listen waits until every interface has heard its switch, or the time is
// over.
func listen(ctx context.Context, h *host.Host, wait time.Duration, nics []*inventory.NIC) error {
	if len(nics) == 0 {
		return nil
	}
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end)-max(time.Second, time.Until(end)/20))
	}
	source := "lldp " + netDir
	if wait <= 0 {
		return &inventory.PartError{Field: "lldp", Source: source, Err: inventory.ErrNotCollected}
	}
	dev, err := h.Open(ctx, host.LLDP, netDir)
	if err != nil {
		return &inventory.PartError{Field: "lldp", Source: source, Err: err}
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	byName := map[string]*inventory.NIC{}
	for _, n := range nics {
		n.LLDP = []inventory.LLDPNeighbor{}
		byName[n.Name] = n
	}
	// The list is the same each time, so that a recording can be asked the
	// same.
	names := make([]string, len(nics))
	for i, n := range nics {
		names[i] = n.Name
	}
	slices.SortFunc(names, inventory.CompareNatural)
	var errs []error
	end := time.Now().Add(wait)
	silent := len(nics)
	bad := map[string]bool{}
	for range maxFrames {
		name, frame, err := lldp.Next(ctx, dev, names, max(time.Until(end), time.Millisecond))
		if err != nil {
			for _, n := range nics {
				if len(n.LLDP) == 0 {
					n.LLDP = nil
				}
			}
			return errors.Join(append(errs, &inventory.PartError{Field: "lldp", Source: source, Err: err})...)
		}
		if name == "" {
			break
		}
		n := byName[name]
		if n == nil || len(n.LLDP) > 0 {
			continue
		}
		said, err := lldp.Decode(frame)
		if err != nil && bad[name] {
			continue
		}
		if err != nil {
			bad[name] = true // once is enough
			errs = append(errs, &inventory.PartError{ComponentID: n.ID, Field: "lldp", Source: "lldp " + classPath(name), Err: err})
			continue
		}
		if said.TTLSeconds == 0 {
			continue
		}
		n.LLDP = append(n.LLDP, translateNeighbor(said))
		n.Sources = append(n.Sources, "lldp")
		if silent--; silent == 0 {
			break
		}
	}
	return errors.Join(errs...)
}

func translateNeighbor(s *lldp.Neighbor) inventory.LLDPNeighbor {
	n := inventory.LLDPNeighbor{
		ChassisID: s.ChassisID, ChassisIDType: s.ChassisIDType, PortID: s.PortID, PortIDType: s.PortIDType,
		PortDescription: s.PortDescription, SystemName: s.SystemName, SystemDescription: s.SystemDescription,
		ManagementAddresses: s.ManagementAddresses, Capabilities: s.Capabilities, Aggregated: s.Aggregated,
		TTLSeconds: new(uint32(s.TTLSeconds)),
	}
	if s.VLANID != nil {
		n.VLANID = new(uint32(*s.VLANID))
	}
	if s.MaxFrameBytes != nil {
		n.MaxFrameBytes = new(uint32(*s.MaxFrameBytes))
	}
	for id, name := range s.VLANs {
		if n.VLANs == nil {
			n.VLANs = map[string]string{}
		}
		n.VLANs[strconv.Itoa(int(id))] = name
	}
	return n
}

func clean(s string) string { return sysfs.Clean(s) }
