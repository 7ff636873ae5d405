package pcie

import (
	"context"
	"errors"
	"io/fs"
	"strconv"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// canAsk says whether functions are asked for the registers that are decoded,
// or the file with all of them is read: each register costs a transaction on
// the bus, and there are a thousand. What is true of one function is true of
// all; a source that has only files is not asked for each.
func canAsk(ctx context.Context, h *host.Host, names []string) bool {
	if speaks, known := h.Speaks(host.PCIConfig); known || len(names) == 0 {
		return speaks
	}
	d, err := h.Open(ctx, host.PCIConfig, configOf(names[0]))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, inventory.ErrNotCollected)
	}
	_ = d.Close()
	return true
}

func configOf(name string) string { return devicesDir + "/" + name + "/config" }

// askConfig asks for the registers, with an answer in the place of the file's
// content.
func (f *function) askConfig(ctx context.Context, h *host.Host) host.FileResult {
	d, err := h.Open(ctx, host.PCIConfig, configOf(f.name))
	if err != nil {
		return host.FileResult{Err: err}
	}
	defer d.Close() //nolint:errcheck // only read
	answer, err := pciconf.Read(ctx, d)
	if err == nil && answer == nil {
		answer = []byte{} // of an empty file
	}
	return host.FileResult{Data: answer, Err: err}
}

// decodeConfig decodes what was read, in whichever way.
func (f *function) decodeConfig(b []byte) (*pciconf.Config, error) {
	if f.asks {
		return pciconf.DecodeAnswer(b)
	}
	return pciconf.Decode(b)
}

// config decodes configuration space and takes from it what sysfs has not.
func (f *function) config(a *sysfs.Attrs) {
	b := f.bytes(a, "config")
	if len(b) == 0 {
		return
	}
	source := configOf(f.name)
	conf, err := f.decodeConfig(b)
	if errors.Is(err, pciconf.ErrAllOnes) {
		f.dev.OffBus = new(true)
		f.source(source)
		return
	}
	if err != nil {
		f.failEach("", source, err)
	}
	if conf == nil {
		return
	}
	f.conf = conf
	f.headerOnly = !conf.CapabilitiesRead
	f.tunnels = isThunderbolt(conf)
	d := f.dev
	f.source(source)
	d.OffBus = new(false)
	d.Revision = hexDigits(strconv.FormatUint(uint64(conf.Revision), 16), 2)
	if conf.Express != nil {
		d.PortType = conf.Express.PortType.String()
	}
	if conf.SerialNumber != nil {
		d.SerialNumber = conf.SerialNumber.String()
	}
	if d.PowerState == "" && !f.has("power_state") && conf.PowerState != nil {
		d.PowerState = conf.PowerState.String()
	}
}
