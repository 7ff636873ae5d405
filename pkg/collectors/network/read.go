package network

import (
	"context"
	"errors"
	"path"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// read reads one interface. There is always a result.
func (in *port) read(ctx context.Context, h *host.Host) (*inventory.NIC, error) {
	n := in.bare()
	if in.rdmaOnly {
		in.fromRDMA(n)
		return n, nil
	}
	b := &builder{h: h, in: in, nic: n}
	b.identity(ctx)
	b.link(ctx)
	b.counters(ctx)
	b.device(ctx)
	b.master(ctx)
	b.ask(ctx)
	in.fromRDMA(n)
	if n.LinkUp != nil && !*n.LinkUp { // what some drivers say without a link
		n.SpeedMbps, n.Duplex = nil, ""
	}
	return n, errors.Join(b.errs...)
}

// builder reads one interface and keeps what went wrong.
type builder struct {
	h    *host.Host
	in   *port
	nic  *inventory.NIC
	errs []error
}

func (b *builder) attrs(ctx context.Context, dir string, names ...string) *sysfs.Attrs {
	return sysfs.Read(ctx, b.h, b.nic.ID, dir, names...)
}

func (b *builder) fail(field, source string, err error) {
	b.errs = append(b.errs, &inventory.PartError{ComponentID: b.nic.ID, Field: field, Source: source, Err: sysfs.Cause(err)})
}

func (b *builder) identity(ctx context.Context) {
	a := b.attrs(ctx, b.in.dir, "type", "address", "addr_assign_type", "mtu", "flags", "operstate", "phys_port_id", "phys_port_name", "carrier_changes")
	n := b.nic
	if t := a.Uint("type", "type", 10, 16); t != nil {
		n.Type = typeName(uint16(*t))
	}
	if s := a.Text("address", "mac"); s != "" {
		mac, ok := hardwareAddress(s)
		if !ok {
			a.Fail("address", "mac", inventory.ErrMalformed)
		}
		n.MAC = mac
	}
	if v := a.Uint("addr_assign_type", "mac_assignment", 10, 8); v != nil {
		n.MACAssignment = assignment(uint8(*v))
	}
	n.MTU = narrow(a.Uint("mtu", "mtu", 10, 32))
	if v := a.Uint("flags", "admin_up", 0, 32); v != nil {
		const up = 1 // IFF_UP
		n.AdminUp = new(*v&up != 0)
	}
	n.OperState = operState(a.Text("operstate", "oper_state"))
	n.PortID = hexDigits(a.Text("phys_port_id", "port_id"))
	n.PortName = a.Text("phys_port_name", "port_name")
	n.CarrierChanges = a.Uint("carrier_changes", "carrier_changes", 10, 64)
	b.errs = append(b.errs, a.Err())
}

// link reads attributes that answer EINVAL while the interface is down, or
// where the driver does not know.
func (b *builder) link(ctx context.Context) {
	names := []string{"carrier", "speed", "duplex"}
	fields := []string{"link_up", "speed_mbps", "duplex"}
	var text [3]string
	for i, r := range b.h.ReadAttrs(ctx, b.in.dir, names...) {
		switch {
		case r.Err == nil:
			text[i] = sysfs.Clean(string(r.Data))
		case isAbsent(r.Err):
		default:
			b.fail(fields[i], path.Join(b.in.dir, names[i]), r.Err)
		}
	}
	var ok [3]bool
	b.nic.LinkUp, ok[0] = carrier(text[0])
	b.nic.SpeedMbps, ok[1] = speed(text[1])
	b.nic.Duplex, ok[2] = duplex(text[2])
	for i := range ok {
		if !ok[i] {
			b.fail(fields[i], path.Join(b.in.dir, names[i]), inventory.ErrMalformed)
		}
	}
}

func (b *builder) device(ctx context.Context) {
	n := b.nic
	if target, err := b.h.Readlink(ctx, path.Join(b.in.dir, "device", "driver")); err == nil {
		n.Driver = sysfs.Clean(path.Base(target))
	} else if !isNoLink(err) {
		b.fail("driver", path.Join(b.in.dir, "device", "driver"), err)
	}
	if b.in.place.device == "" {
		return
	}
	a := b.attrs(ctx, b.in.place.device, "numa_node", "sriov_numvfs", "sriov_totalvfs")
	if node := a.Int("numa_node", "numa_node"); node != nil && *node >= 0 {
		n.NUMANode = node
	}
	enabled, total := a.Uint("sriov_numvfs", "virtual_functions.enabled", 10, 32), a.Uint("sriov_totalvfs", "virtual_functions.total", 10, 32)
	if enabled != nil || total != nil {
		n.VirtualFunctions = &inventory.NICVirtualFunctions{Enabled: narrow(enabled), Total: narrow(total)}
	}
	b.errs = append(b.errs, a.Err())
	if b.in.place.usb == "" {
		return
	}
	u := b.attrs(ctx, b.in.place.usb, "idVendor", "idProduct", "product", "manufacturer")
	vendor, product := u.Hex("idVendor", "usb_id", 4), u.Hex("idProduct", "usb_id", 4)
	if vendor != "" && product != "" {
		n.USBID = vendor + ":" + product
		n.BMCLink = new(isBMC(n.Driver, n.USBID, u.Text("product", "bmc_link")+" "+u.Text("manufacturer", "bmc_link")))
	}
	b.errs = append(b.errs, u.Err())
}

func (b *builder) master(ctx context.Context) {
	source := path.Join(b.in.dir, "master")
	target, err := b.h.Readlink(ctx, source)
	if err != nil {
		if !isNoLink(err) {
			b.fail("master", source, err)
		}
		return
	}
	m := &inventory.NICMaster{Name: sysfs.Clean(path.Base(target))}
	b.nic.Master = m
	dir := classPath(path.Base(target))
	bond := b.attrs(ctx, path.Join(dir, "bonding"), "mode")
	m.Mode = word(bond.Text("mode", "master.mode"))
	s := b.attrs(ctx, path.Join(b.in.dir, "bonding_slave"), "state", "mii_status", "link_failure_count", "ad_aggregator_id", "perm_hwaddr")
	m.State = s.Text("state", "master.state")
	m.MIIStatus = s.Text("mii_status", "master.mii_status")
	m.LinkFailures = s.Uint("link_failure_count", "master.link_failures", 10, 64)
	if s.Text("ad_aggregator_id", "") != "N/A" { // a mode without groups
		m.AggregatorID = narrow(naught(s.Uint("ad_aggregator_id", "master.aggregator_id", 10, 32)))
	}
	if mac, ok := hardwareAddress(s.Text("perm_hwaddr", "permanent_mac")); ok {
		b.nic.PermanentMAC = mac
	}
	b.errs = append(b.errs, bond.Err(), s.Err())
	if m.Mode != "" || m.State != "" {
		m.Type = "bond"
		return
	}
	if isBridge, err := b.h.Exists(ctx, path.Join(dir, "bridge")); err == nil && isBridge {
		m.Type = "bridge"
	}
}

// isAbsent is true for errors by which an attribute says that it has nothing
// to say.
func isAbsent(err error) bool {
	return isNoLink(err) || sysfs.Silent(err) || errors.Is(err, syscall.ENODEV)
}
