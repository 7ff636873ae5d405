package nvidia

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Translate makes GPUs of what a [Source] brought. A GPU of which not even the
// PCI address or UUID is known is left out, with an error that says why. Each
// error is an [inventory.PartError]; values that a GPU says it does not have
// are no errors but listed in its Unsupported.
func Translate(d *Data) ([]inventory.GPU, error) {
	system := systemOf(d)
	gpus := make([]inventory.GPU, 0, len(d.GPUs))
	var errs []error
	for i := range d.GPUs {
		g, err := translateGPU(&d.GPUs[i], system)
		if g != nil {
			gpus = append(gpus, *g)
		}
		errs = append(errs, err)
	}
	return gpus, errors.Join(errs...)
}

// system is what all GPUs of a machine share.
type system struct{ driver, cuda string }

func systemOf(d *Data) system {
	var s system
	if r, ok := d.SystemReading(FnDriverVersion); ok && r.Return == Success {
		s.driver = clean(r.Text)
	}
	if r, ok := d.SystemReading(FnCUDAVersion); ok {
		if v, ok := first(r); ok && v >= 1000 && v < 1_000_000 { // 12040 is 12.4
			s.cuda = fmt.Sprintf("%d.%d", v/1000, v%1000/10)
		}
	}
	return s
}

// A translator fills one GPU and gathers what could not be read.
type translator struct {
	readings []Reading
	gpu      *inventory.GPU
	errs     []error
	lost     bool
}

func translateGPU(dev *Device, s system) (*inventory.GPU, error) {
	t := &translator{readings: dev.Readings, gpu: &inventory.GPU{
		Index: new(dev.Index), Driver: "nvidia", DriverVersion: s.driver, CUDAVersion: s.cuda,
		Vendor: "NVIDIA",
	}}
	if dev.Complete { // else nobody can tell how it is
		t.gpu.State = "ok"
	}
	t.identity()
	g := t.gpu
	switch {
	case g.PCIAddress != "":
		g.ID, g.ParentID = inventory.IDOf("gpu", g.PCIAddress), inventory.IDOf("pci", g.PCIAddress)
	case g.UUID != "":
		g.ID = inventory.IDOf("gpu", g.UUID)
	default:
		if r, ok := find(dev.Readings, FnHandle, []uint32{uint32(dev.Index)}); ok && r.Return != Success {
			return nil, &inventory.PartError{Source: "nvml", Err: r.Err()}
		}
		return nil, errors.Join(append(t.errs, &inventory.PartError{
			Source: "nvml", Err: fmt.Errorf("GPU %d says neither where it is nor its UUID: %w", dev.Index, inventory.ErrMalformed),
		})...)
	}
	g.Sources = []string{"nvml"}
	t.memory()
	t.ecc()
	t.retired()
	t.link()
	t.heat()
	t.power()
	t.clocks()
	t.modes()
	t.nvlinks()
	t.mig(dev.Instances)
	for _, err := range t.errs {
		var part *inventory.PartError
		if errors.As(err, &part) {
			part.ComponentID = g.ID
		}
	}
	return g, errors.Join(t.errs...)
}

// get is the reading of a successful call. What the GPU does not have is noted
// as unsupported under the report's field name, other failures as errors.
func (t *translator) get(field string, fn Function, args ...uint32) (Reading, bool) {
	r, ok := find(t.readings, fn, args)
	if !ok {
		return Reading{}, false // never asked, or the source ended before
	}
	if r.Return == Success {
		return r, true
	}
	t.failed(field, r)
	return Reading{}, false
}

func (t *translator) failed(field string, r Reading) {
	switch {
	case r.Return == GPUIsLost:
		if !t.lost { // once: every further question gets the same answer
			t.lost = true
			t.gpu.State = "lost"
			t.errs = append(t.errs, &inventory.PartError{Source: "nvml", Err: r.Err()})
		}
	case r.Return.Silent():
		if field == "" {
			return
		}
		if t.gpu.Unsupported == nil {
			t.gpu.Unsupported = map[string]string{}
		}
		t.gpu.Unsupported[field] = r.Return.String()
	default:
		t.errs = append(t.errs, &inventory.PartError{Field: field, Source: "nvml", Err: r.Err()})
	}
}

// text is a string without sentinels; "" when there is none.
func (t *translator) text(field string, fn Function, args ...uint32) string {
	r, ok := t.get(field, fn, args...)
	if !ok {
		return ""
	}
	return clean(r.Text)
}

// number is the i-th number, when it is at most limit: above lie sentinels
// (all bits set) and nonsense.
func (r Reading) number(i int, limit uint64) (uint64, bool) {
	if i >= len(r.Numbers) || r.Numbers[i] > limit {
		return 0, false
	}
	return r.Numbers[i], true
}

func (r Reading) integer(i, limit int) *int {
	if n, ok := r.number(i, uint64(limit)); ok {
		return new(int(n))
	}
	return nil
}

// flag is a number that is 0 or 1 (nvmlEnableState_t and others).
func (r Reading) flag(i int) *bool {
	if n, ok := r.number(i, 1); ok {
		return new(n == 1)
	}
	return nil
}

func (t *translator) integer(field string, limit int, fn Function, args ...uint32) *int {
	r, ok := t.get(field, fn, args...)
	if !ok {
		return nil
	}
	return r.integer(0, limit)
}

func (t *translator) flag(field string, fn Function, args ...uint32) *bool {
	r, ok := t.get(field, fn, args...)
	if !ok {
		return nil
	}
	return r.flag(0)
}

const maxCounter = 1<<63 - 1

func (t *translator) counter(field string, fn Function, args ...uint32) *uint64 {
	r, ok := t.get(field, fn, args...)
	if !ok {
		return nil
	}
	if n, ok := r.number(0, maxCounter); ok {
		return &n
	}
	return nil
}
