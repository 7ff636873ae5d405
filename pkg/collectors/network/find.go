package network

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// port is an interface that is to be read, or an RDMA device without one.
type port struct {
	name     string
	id       string
	dir      string // below /sys/devices where the link says so
	place    place
	index    *uint32 // which port of the device
	rdma     []rdmaPort
	rdmaOnly bool
}

// bare is what is known before the interface is read.
func (in *port) bare() *inventory.NIC {
	n := &inventory.NIC{
		Meta: inventory.Meta{ID: in.id, Sources: []string{in.dir}},
		Name: in.name, PCIAddress: in.place.pci, BusAddress: in.place.bus, PortIndex: in.index,
	}
	if in.place.above != "" {
		n.ParentID = inventory.IDOf("pci", in.place.above)
	}
	for i := range in.rdma {
		n.RDMA = append(n.RDMA, in.rdma[i].port)
	}
	return n
}

// find tells the physical interfaces from the others. One that cannot be told
// costs only itself.
func find(ctx context.Context, h *host.Host, names []string) ([]*port, error) {
	type answer struct {
		in  *port
		err error
	}
	answers := make(chan answer, len(names))
	deadline := inventory.DeviceDeadline(ctx, interfaceDeadline)
	errs := inventory.Each(ctx, sideBySide, deadline, names, func(ctx context.Context, name string) error {
		in, err := look(ctx, h, name)
		answers <- answer{in, err}
		return nil
	})
	// Whoever was left behind finds room in the channel, and nobody there.
	byName := map[string]*port{}
	errOf := map[string]error{}
	for range len(answers) {
		a := <-answers
		if a.in != nil {
			byName[a.in.name] = a.in
			errOf[a.in.name] = a.err
		}
	}
	var all []*port
	var problems []error
	for i, name := range names {
		if errs[i] != nil {
			problems = append(problems, &inventory.PartError{Source: classPath(name), Err: errs[i]})
		} else if errOf[name] != nil {
			problems = append(problems, errOf[name])
		}
		if in := byName[name]; in != nil && in.id != "" {
			all = append(all, in)
		}
	}
	return unique(all), errors.Join(problems...)
}

func unique(all []*port) []*port {
	var ids inventory.IDs
	for _, in := range all {
		in.id = ids.Unique(in.id)
	}
	return all
}

// look returns an interface with an id when it is physical, without one when
// it is not.
func look(ctx context.Context, h *host.Host, name string) (*port, error) {
	in := &port{name: name, dir: classPath(name)}
	target, err := h.Readlink(ctx, in.dir)
	switch {
	case err == nil:
		in.dir = path.Join(netDir, target)
		if strings.Contains(in.dir, "/virtual/") {
			return in, nil
		}
	case isNoLink(err):
		// A file (bonding_masters), or a tree whose links became folders.
		if _, err := h.Readlink(ctx, path.Join(in.dir, "device")); err != nil {
			if isNoLink(err) {
				err = nil
			}
			return in, partError(in.dir, err)
		}
	default:
		return in, partError(in.dir, err)
	}
	in.place = placeOf(in.dir)
	part, err := in.isPart(ctx, h)
	if part || err != nil {
		return in, err
	}
	a := sysfs.Read(ctx, h, "", in.dir, "dev_port", "dev_id")
	port := a.Uint("dev_port", "port_index", 10, 32)
	if port == nil || *port == 0 { // before dev_port there was dev_id
		if id := a.Uint("dev_id", "port_index", 0, 32); id != nil {
			port = id
		}
	}
	if port != nil {
		in.index = new(uint32(*port))
	}
	switch p := in.place; {
	case p.pci != "" && port != nil && *port > 0:
		in.id = inventory.IDOf("nic", p.pci, "port"+decimal(*port))
	case p.pci != "":
		in.id = inventory.IDOf("nic", p.pci)
	case p.bus != "":
		in.id = inventory.IDOf("nic", p.bus)
	default:
		in.id = inventory.IDOf("nic", in.name)
	}
	return in, named(in.id, a.Err())
}

// named puts the id of an interface into errors from before it had one.
func named(id string, err error) error {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, e := range all {
		var p *inventory.PartError
		if errors.As(e, &p) && p.ComponentID == "" {
			p.ComponentID = id
		}
	}
	return err
}

// isPart is true for what has a device, but is only a part of a port: virtual
// functions, subfunctions, their representors, InfiniBand partitions.
func (in *port) isPart(ctx context.Context, h *host.Host) (bool, error) {
	if in.place.subfunction {
		return true, nil
	}
	switch _, err := h.Readlink(ctx, path.Join(in.dir, "device", "physfn")); {
	case err == nil:
		return true, nil
	case !isNoLink(err):
		return false, partError(path.Join(in.dir, "device", "physfn"), err)
	}
	r := h.ReadAttrs(ctx, in.dir, "phys_port_name", "parent")
	if r[0].Err == nil && isRepresentor(sysfs.Clean(string(r[0].Data))) {
		return true, nil
	}
	return r[1].Err == nil, nil // only InfiniBand partitions have a parent
}

// isNoLink is true when a path is not there or not a link.
func isNoLink(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTDIR)
}

func partError(source string, err error) error {
	if err == nil {
		return nil
	}
	return &inventory.PartError{Source: source, Err: sysfs.Cause(err)}
}
