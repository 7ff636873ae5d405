package network

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/ethtool"
	"example.com/bee/pkg/inventory"
)

// ask asks the kernel's ethtool interface.
func (b *builder) ask(ctx context.Context) {
	source := classPath(b.in.name)
	dev, err := b.h.Open(ctx, host.Ethtool, source)
	if errors.Is(err, fs.ErrNotExist) {
		return // a captured tree
	}
	if err != nil {
		b.fail("firmware", "ethtool "+source, err)
		return
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	c := ethtool.NewClient(dev)
	b.nic.Sources = append(b.nic.Sources, "ethtool")
	for _, step := range []struct {
		field string
		do    func(context.Context, *ethtool.Client) error
	}{
		{"firmware", b.askDriver},
		{"permanent_mac", b.askAddress},
		{"supported_modes", b.askLink},
		{"fec", b.askFEC},
		{"module", b.askModule},
	} {
		err := step.do(ctx, c)
		if err == nil || errors.Is(err, errors.ErrUnsupported) {
			continue
		}
		b.fail(step.field, "ethtool "+source, err)
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, inventory.ErrStuck) || errors.Is(err, context.Canceled) {
			return // the driver hangs: it is not asked again
		}
	}
}

func (b *builder) askDriver(ctx context.Context, c *ethtool.Client) error {
	d, err := c.Driver(ctx)
	if err != nil {
		return err
	}
	if b.nic.Driver == "" {
		b.nic.Driver = clean(d.Name)
	}
	b.nic.Firmware, b.nic.ExpansionROM = clean(d.Firmware), clean(d.ExpansionROM)
	return nil
}

func (b *builder) askAddress(ctx context.Context, c *ethtool.Client) error {
	a, err := c.PermanentAddress(ctx)
	if err != nil {
		return err
	}
	if mac := macOf(a); mac != "" {
		b.nic.PermanentMAC = mac
	}
	return nil
}

func (b *builder) askLink(ctx context.Context, c *ethtool.Client) error {
	l, err := c.Link(ctx)
	n := b.nic
	n.PortType, n.Autoneg, n.SupportedModes = l.Port, l.Autoneg, l.Supported
	for i, m := range n.SupportedModes {
		n.SupportedModes[i] = clean(m)
	}
	if !l.Unknown {
		n.MaxSpeedMbps = fastest(l.Supported)
		n.AdvertisedMaxSpeedMbps = fastest(l.Advertised)
	}
	n.PartnerMaxSpeedMbps = fastest(l.Partner)
	if n.SpeedMbps == nil {
		n.SpeedMbps = l.SpeedMbps
	}
	if n.Duplex == "" {
		n.Duplex = l.Duplex
	}
	if n.LinkUp == nil || !*n.LinkUp {
		n.LinkDownReason = l.DownReason
	}
	return err
}

// fastest is the highest speed of link modes.
func fastest(modes []string) *uint32 {
	if len(modes) == 0 {
		return nil
	}
	speeds := make([]uint32, len(modes))
	for i, m := range modes {
		speeds[i] = ethtool.SpeedOf(m)
	}
	return new(slices.Max(speeds))
}

func (b *builder) askFEC(ctx context.Context, c *ethtool.Client) error {
	f, ok, err := c.FEC(ctx)
	if ok {
		b.nic.FEC = &inventory.NICFEC{Active: f.Active, Configured: f.Configured, Auto: f.Auto}
	}
	return err
}
