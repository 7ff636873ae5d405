package nvidia

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// Collector makes the collector "nvidia". src may be nil: then GPUs are known
// from PCI and /proc alone.
func Collector(h *host.Host, src Source) inventory.Collector {
	return inventory.List("nvidia", "gpus", func(ctx context.Context) ([]inventory.GPU, error) {
		return Read(ctx, h, src)
	})
}

// Read lists NVIDIA's GPUs. It is nil, nil where PCI shows none and no driver
// is loaded; src is not called then. A GPU the driver does not reach is listed
// with what PCI and the kernel say, and its State tells why.
func Read(ctx context.Context, h *host.Host, src Source) ([]inventory.GPU, error) {
	gpus, err := read(ctx, h, src)
	return gpus, errors.Join(err, addXids(ctx, h, gpus))
}

func read(ctx context.Context, h *host.Host, src Source) ([]inventory.GPU, error) {
	fns, pciErr := functions(ctx, h)
	version, loaded, err := driver(ctx, h)
	switch {
	case len(fns) == 0 && !loaded:
		return nil, errors.Join(pciErr, err)
	case !loaded:
		gpus := make([]inventory.GPU, 0, len(fns))
		for _, f := range fns {
			gpus = append(gpus, bare(ctx, h, f, ""))
		}
		return gpus, errors.Join(pciErr, err)
	}
	c := &collection{h: h, fns: fns, version: version, gpus: []inventory.GPU{}}
	c.errs = append(c.errs, pciErr, err)
	c.ask(ctx, src)
	c.addUnreached(ctx)
	return c.gpus, errors.Join(c.errs...)
}

// driver tells whether the kernel driver is loaded, and its version.
func driver(ctx context.Context, h *host.Host) (version string, loaded bool, err error) {
	b, err := h.ReadFile(ctx, driverKey)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", false, nil
	case err != nil:
		return "", false, &inventory.PartError{Source: driverKey, Err: err}
	}
	version, _ = DecodeDriverVersion(b)
	return version, true, nil
}

// collection is one reading of a machine whose driver is loaded.
type collection struct {
	h       *host.Host
	fns     []function
	version string
	gpus    []inventory.GPU
	errs    []error
	// whole is true when NVML told of every GPU it has: one that is on PCI
	// only is out of its reach then.
	whole bool
}

// ask runs the source, and leaves it behind shortly before the collector's own
// deadline so that what PCI says is not lost with it.
func (c *collection) ask(ctx context.Context, src Source) {
	if src == nil {
		c.fail(fmt.Errorf("no source of NVML data: %w", inventory.ErrNotCollected))
		return
	}
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-min(time.Second, time.Until(end)/10)))
		defer cancel()
	}
	type answer struct {
		data *Data
		err  error
	}
	a, err := inventory.Await(ctx, func(ctx context.Context) (answer, error) {
		d, err := src(ctx, max(len(c.fns), 1))
		return answer{d, err}, nil
	})
	if err = errors.Join(err, a.err); err != nil {
		c.stopped(err, a.data)
	}
	if a.data != nil {
		c.take(a.data)
	}
}

func (c *collection) fail(err error) {
	c.errs = append(c.errs, &inventory.PartError{Source: "nvml", Err: err})
}

// stopped lays the blame on the GPU that was asked last, where there is one.
func (c *collection) stopped(err error, d *Data) {
	for _, e := range leaves(err) {
		part := &inventory.PartError{Source: "nvml", Err: e}
		var s *StoppedError
		if errors.As(e, &s) && s.During != nil && d != nil {
			part.ComponentID = idOf(d, s.During.GPU)
		}
		c.errs = append(c.errs, part)
	}
}

func leaves(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, leaves(e)...)
		}
		return all
	}
	return []error{err}
}

// idOf is the component id of the GPU with that index, "" when not known.
func idOf(d *Data, index int) string {
	for i := range d.GPUs {
		if r, ok := d.GPUs[i].Reading(FnPCIInfo); ok && d.GPUs[i].Index == index && r.Return == Success {
			if a := address(r); a != "" {
				return inventory.IDOf("gpu", a)
			}
		}
	}
	return ""
}

func (c *collection) take(d *Data) {
	for _, n := range d.Notes {
		if n.Kind == NoteNoLibrary || n.Kind == NoteNoDriver {
			c.fail(fmt.Errorf("%s: %w", n.Detail, inventory.ErrNotCollected))
		}
	}
	for _, r := range d.System {
		init := r.Function == FnInit || r.Function == FnInitWithFlags && !r.Return.Silent()
		if err := r.Err(); err != nil && (init || r.Function == FnCount) {
			c.fail(err)
		}
	}
	gpus, err := Translate(d)
	c.gpus = append(c.gpus, gpus...)
	c.errs = append(c.errs, err)
	if count, ok := d.Count(); ok && d.Done && count == len(d.GPUs) {
		c.whole = !slices.ContainsFunc(gpus, func(g inventory.GPU) bool { return g.PCIAddress == "" })
	}
	if c.version != "" {
		for i := range c.gpus {
			if c.gpus[i].DriverVersion == "" {
				c.gpus[i].DriverVersion = c.version
			}
		}
	}
}

// addUnreached lists the GPUs that are on PCI and of which NVML told nothing.
func (c *collection) addUnreached(ctx context.Context) {
	var nodes []string
	for _, f := range c.fns {
		if slices.ContainsFunc(c.gpus, func(g inventory.GPU) bool { return g.PCIAddress == f.address }) {
			continue
		}
		if f.driver != "nvidia" {
			c.gpus = append(c.gpus, bare(ctx, c.h, f, c.version))
			continue
		}
		in, known := information(ctx, c.h, f.address)
		g := fromInformation(ctx, c.h, f, in, known)
		g.DriverVersion = c.version
		if c.whole && (in.Excluded == nil || !*in.Excluded) {
			if nodes == nil {
				nodes = deviceNodes(ctx, c.h)
			}
			if in.Minor != nil && len(nodes) > 0 && !slices.Contains(nodes, "nvidia"+strconv.Itoa(*in.Minor)) {
				c.errs = append(c.errs, &inventory.PartError{
					ComponentID: g.ID, Source: "nvml",
					Err: fmt.Errorf("/dev/nvidia%d is not there, as in a container it was not given to: %w", *in.Minor, inventory.ErrNotCollected),
				})
			} else {
				g.State = "lost"
			}
		}
		c.gpus = append(c.gpus, g)
	}
}

// fromInformation is a GPU by the kernel driver's own words.
func fromInformation(ctx context.Context, h *host.Host, f function, in Information, known bool) inventory.GPU {
	g := onPCI(ctx, h, f)
	if known {
		g.Sources = append(g.Sources, "procfs")
		g.UUID, g.VBIOS, g.MinorNumber = in.UUID, in.VBIOS, in.Minor
		if in.Model != "" {
			g.Name = in.Model
		}
	}
	return g
}

// bare is a function that the driver, of this version when it is loaded, has
// not taken.
func bare(ctx context.Context, h *host.Host, f function, version string) inventory.GPU {
	g := onPCI(ctx, h, f)
	g.DriverVersion = version
	g.State = "foreign_driver"
	if f.driver == "" || f.driver == "nvidia" {
		g.State = "no_driver"
	}
	return g
}

func onPCI(ctx context.Context, h *host.Host, f function) inventory.GPU {
	return inventory.GPU{
		Meta: inventory.Meta{
			ID: inventory.IDOf("gpu", f.address), ParentID: inventory.IDOf("pci", f.address), Sources: []string{"sysfs"},
		},
		PCIAddress: f.address, Vendor: "NVIDIA", Name: nameByID(ctx, h, f), Driver: f.driver,
	}
}
