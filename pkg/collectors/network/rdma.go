package network

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// rdmaPort is one port of an RDMA device, and where it belongs.
type rdmaPort struct {
	port   inventory.RDMAPort
	place  place
	dir    string
	netdev string
}

// readRDMA reads the ports of the devices. What is left out of a device that
// hangs is among the errors.
func readRDMA(ctx context.Context, h *host.Host, devices []string) ([]rdmaPort, error) {
	type answer struct {
		ports []rdmaPort
		err   error
	}
	answers := make(chan answer, len(devices))
	deadline := inventory.DeviceDeadline(ctx, interfaceDeadline)
	errs := inventory.Each(ctx, sideBySide, deadline, devices, func(ctx context.Context, name string) error {
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		ports, err := readDevice(ctx, h, name)
		answers <- answer{ports, err}
		return nil
	})
	var all []rdmaPort
	for range len(answers) {
		a := <-answers
		all = append(all, a.ports...)
		errs = append(errs, a.err)
	}
	for i, name := range devices {
		if errs[i] != nil {
			errs[i] = &inventory.PartError{Source: path.Join(rdmaDir, name), Err: errs[i]}
		}
	}
	slices.SortStableFunc(errs, func(a, b error) int { return inventory.CompareNatural(textOf(a), textOf(b)) })
	slices.SortStableFunc(all, func(a, b rdmaPort) int {
		if c := inventory.CompareNatural(a.port.Device, b.port.Device); c != 0 {
			return c
		}
		return int(a.port.Port) - int(b.port.Port)
	})
	return all, errors.Join(errs...)
}

func readDevice(ctx context.Context, h *host.Host, name string) ([]rdmaPort, error) {
	dir := path.Join(rdmaDir, name)
	if target, err := h.Readlink(ctx, dir); err == nil {
		dir = path.Join(rdmaDir, target)
	} else if !isNoLink(err) {
		return nil, partError(dir, err)
	}
	if strings.Contains(dir, "/virtual/") { // Soft-RoCE, Soft-iWARP
		return nil, nil
	}
	if _, err := h.Readlink(ctx, path.Join(dir, "device", "physfn")); err == nil {
		return nil, nil
	}
	p := placeOf(dir)
	id := inventory.IDOf("nic", cmp.Or(p.pci, p.bus, name))
	a := sysfs.Read(ctx, h, id, dir, "node_guid", "sys_image_guid", "fw_ver", "board_id", "hca_type", "hw_rev")
	device := inventory.RDMAPort{
		Device: name, NodeGUID: guid(a.Text("node_guid", "rdma.node_guid")), SystemGUID: guid(a.Text("sys_image_guid", "rdma.system_guid")),
		Firmware: version(a.Text("fw_ver", "rdma.firmware")), BoardID: a.Text("board_id", "rdma.board_id"),
		AdapterType: a.Text("hca_type", "rdma.adapter_type"), HardwareRevision: a.Text("hw_rev", "rdma.hardware_revision"),
	}
	errs := []error{a.Err()}
	numbers, err := h.ReadDir(ctx, path.Join(dir, "ports"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, &inventory.PartError{ComponentID: id, Field: "rdma", Source: path.Join(dir, "ports"), Err: sysfs.Cause(err)})
	}
	var all []rdmaPort
	for _, number := range numbers {
		n, ok := portNumber(number)
		if !ok {
			continue
		}
		r := rdmaPort{port: device, place: p, dir: dir}
		r.port.Port = n
		errs = append(errs, r.read(ctx, h, id, path.Join(dir, "ports", number)))
		all = append(all, r)
	}
	return all, errors.Join(errs...)
}

// errorCounters are those of sysfs-class-infiniband that should stand still.
func errorCounters() []string {
	return []string{
		"symbol_error", "link_error_recovery", "link_downed", "port_rcv_errors", "port_rcv_remote_physical_errors",
		"port_rcv_switch_relay_errors", "port_xmit_discards", "port_xmit_constraint_errors", "port_rcv_constraint_errors",
		"local_link_integrity_errors", "excessive_buffer_overrun_errors", "VL15_dropped",
	}
}

func (r *rdmaPort) read(ctx context.Context, h *host.Host, id, dir string) error {
	p := &r.port
	a := sysfs.Read(ctx, h, id, dir, "state", "phys_state", "rate", "link_layer", "lid", "sm_lid", "gids/0")
	p.LinkLayer = strings.ToLower(a.Text("link_layer", "rdma.link_layer"))
	p.State, p.PhysState = stateWord(a.Text("state", "rdma.state")), stateWord(a.Text("phys_state", "rdma.phys_state"))
	p.RateGbps, p.Width = rate(a.Text("rate", "rdma.rate_gbps"))
	if p.LinkLayer == "infiniband" {
		p.PortGUID = guidOfGID(a.Text("gids/0", "rdma.port_guid"))
		p.LID = narrow(naught(a.Uint("lid", "rdma.lid", 0, 32)))
		p.SMLID = narrow(naught(a.Uint("sm_lid", "rdma.sm_lid", 0, 32)))
	}
	c := sysfs.Read(ctx, h, id, path.Join(dir, "counters"), errorCounters()...)
	for _, name := range errorCounters() {
		// "N/A (no PMA)" stands where the port has no such counter.
		if s := c.Text(name, "rdma.counters"); s == "" || strings.HasPrefix(s, "N/A") {
			continue
		}
		if v := c.Uint(name, "rdma.counters", 10, 64); v != nil {
			if p.Counters == nil {
				p.Counters = map[string]uint64{}
			}
			p.Counters[strings.ToLower(name)] = *v
		}
	}
	for _, r1 := range h.ReadAttrs(ctx, path.Join(dir, "gid_attrs", "ndevs"), "0") {
		if r1.Err == nil { // EINVAL: the address is not in use
			r.netdev = sysfs.Clean(string(r1.Data))
		}
	}
	return errors.Join(a.Err(), c.Err())
}

// assign gives each port to its interface. A port without one, such as an
// InfiniBand port nobody runs IP on, becomes an entry of its own.
func assign(interfaces []*port, ports []rdmaPort) []*port {
	of := map[string]int{}
	for _, r := range ports {
		of[r.port.Device]++
	}
	for _, r := range ports {
		if in := ownerOf(interfaces, r); in != nil {
			in.rdma = append(in.rdma, r)
			continue
		}
		index := r.port.Port - 1
		where := cmp.Or(r.place.pci, r.place.bus, r.port.Device)
		id := inventory.IDOf("nic", where)
		if index > 0 {
			id = inventory.IDOf("nic", where, "port"+decimal(uint64(index)))
		}
		name := r.port.Device
		if of[name] > 1 {
			name += "/" + decimal(uint64(r.port.Port))
		}
		interfaces = append(interfaces, &port{name: name, id: id, dir: r.dir, place: r.place, index: &index, rdma: []rdmaPort{r}, rdmaOnly: true})
	}
	return unique(interfaces)
}

func ownerOf(interfaces []*port, r rdmaPort) *port {
	var same *port
	for _, in := range interfaces {
		if in.rdmaOnly {
			continue
		}
		if r.netdev != "" && in.name == r.netdev {
			return in
		}
		if r.place.pci == "" || in.place.pci != r.place.pci {
			continue
		}
		if in.index != nil && *in.index == r.port.Port-1 || in.index == nil && same == nil {
			same = in
		}
	}
	return same
}

// fromRDMA fills what an interface did not say itself.
func (in *port) fromRDMA(n *inventory.NIC) {
	for _, r := range in.rdma {
		if n.Firmware == "" {
			n.Firmware = r.port.Firmware
		}
		if !in.rdmaOnly {
			continue
		}
		n.Type = r.port.LinkLayer
		if s := r.port.State; s != "" {
			n.LinkUp = new(s == "active")
		}
	}
}
