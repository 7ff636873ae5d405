package nvidia

import (
	"cmp"
	"slices"
)

// Data is everything a [Source] brought, as raw as it came.
type Data struct {
	// Hello is how the writer introduced itself.
	Hello Hello
	// Notes are what the writer had to say beside readings.
	Notes []Note
	// System are the readings that belong to no GPU.
	System []Reading
	// GPUs are in the order of their index.
	GPUs []Device
	// Done is true when the writer came to its end.
	Done bool
	// Pending is the call that was begun and never came back; nil when there
	// is none. Without Done it names the culprit.
	Pending *Query
}

// Hello is the first line of the protocol.
type Hello struct {
	// Protocol is the version of the protocol, 1. A reader refuses others.
	Protocol int
	// Version is the version of the writer.
	Version string
	// PID is the writer's process id; 0 when it has none of its own.
	PID int
}

// NoteKind says what a [Note] is about. Unknown kinds are kept.
type NoteKind string

// The kinds of note.
const (
	NoteLibrary   NoteKind = "library"    // the library was loaded; Detail is its path
	NoteNoLibrary NoteKind = "no_library" // it could not be; Detail says why
	NoteNoDriver  NoteKind = "no_driver"  // not tried: the kernel driver is not loaded
)

// A Note is a remark of the writer.
type Note struct {
	Kind   NoteKind
	Detail string
}

// A Device is one GPU as NVML numbers them.
type Device struct {
	Index int
	// Complete is true when all questions were asked.
	Complete bool
	Readings []Reading
	// Instances are its MIG devices, in the order of their index.
	Instances []Instance
}

// An Instance is one MIG device of a GPU.
type Instance struct {
	Index    int
	Readings []Reading
}

// Reading returns the reading of one function with these arguments.
func (d *Device) Reading(fn Function, args ...uint32) (Reading, bool) {
	return find(d.Readings, fn, args)
}

// Reading returns the reading of one function with these arguments.
func (in *Instance) Reading(fn Function, args ...uint32) (Reading, bool) {
	return find(in.Readings, fn, args)
}

// SystemReading returns the reading of a function that belongs to no GPU.
func (d *Data) SystemReading(fn Function, args ...uint32) (Reading, bool) {
	return find(d.System, fn, args)
}

// Count is the number of GPUs NVML said it has; ok is false when it did not.
func (d *Data) Count() (n int, ok bool) {
	r, ok := d.SystemReading(FnCount)
	if !ok || r.Return != Success || len(r.Numbers) < 1 || r.Numbers[0] > maxGPUs {
		return 0, false
	}
	return int(r.Numbers[0]), true
}

// Merge adds the GPUs of o that d lacks and takes over how o ended: o is a
// second attempt that left out what the first one stumbled over.
func (d *Data) Merge(o *Data) {
	for _, g := range o.GPUs {
		if !slices.ContainsFunc(d.GPUs, func(have Device) bool { return have.Index == g.Index }) {
			d.GPUs = append(d.GPUs, g)
		}
	}
	slices.SortFunc(d.GPUs, func(a, b Device) int { return cmp.Compare(a.Index, b.Index) })
	for _, r := range o.System {
		if _, ok := find(d.System, r.Function, r.Args); !ok {
			d.System = append(d.System, r)
		}
	}
	d.Done, d.Pending = o.Done, o.Pending
}

func find(all []Reading, fn Function, args []uint32) (Reading, bool) {
	for _, r := range all {
		if r.is(fn, args) {
			return r, true
		}
	}
	return Reading{}, false
}

// Say implements [Sink].
func (d *Data) Say(n Note) error {
	if len(d.Notes) >= maxNotes {
		return errTooMuch("notes")
	}
	d.Notes = append(d.Notes, n)
	return nil
}

// Calling implements [Sink].
func (d *Data) Calling(q Query) error {
	d.Pending = &q
	return nil
}

// Read implements [Sink].
func (d *Data) Read(r Reading) error {
	d.Pending = nil
	if r.GPU < 0 {
		return appendReading(&d.System, r)
	}
	g, err := d.device(r.GPU)
	if err != nil {
		return err
	}
	if r.Instance < 0 {
		return appendReading(&g.Readings, r)
	}
	i, ok := slices.BinarySearchFunc(g.Instances, r.Instance, func(in Instance, n int) int { return cmp.Compare(in.Index, n) })
	if !ok {
		if r.Instance >= maxInstances {
			return errTooMuch("MIG devices")
		}
		g.Instances = slices.Insert(g.Instances, i, Instance{Index: r.Instance})
	}
	return appendReading(&g.Instances[i].Readings, r)
}

// Complete implements [Sink].
func (d *Data) Complete(gpu int) error {
	g, err := d.device(gpu)
	if err == nil {
		g.Complete = true
	}
	return err
}

// Finish implements [Sink].
func (d *Data) Finish() error {
	d.Done, d.Pending = true, nil
	return nil
}

func (d *Data) device(index int) (*Device, error) {
	i, ok := slices.BinarySearchFunc(d.GPUs, index, func(g Device, n int) int { return cmp.Compare(g.Index, n) })
	if !ok {
		if index < 0 || index >= maxGPUs {
			return nil, errTooMuch("GPUs")
		}
		d.GPUs = slices.Insert(d.GPUs, i, Device{Index: index})
	}
	return &d.GPUs[i], nil
}

func appendReading(to *[]Reading, r Reading) error {
	if len(*to) >= maxReadings {
		return errTooMuch("readings")
	}
	*to = append(*to, r)
	return nil
}
