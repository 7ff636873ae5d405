package archive

import "time"

// A Fault is an error that was written down: its words, what it is by
// errors.Is, and the errors inside it.
type Fault struct {
	Kind FaultKind
	// Text is the whole error in words.
	Text string
	// Is has a bit for each error of package replay's list that it is.
	Is uint64
	// Errno is Linux's number, 0 when it is not a system call's error.
	Errno int
	// Op and Path are of a path error; Path is also what is stuck, or how a
	// helper stopped.
	Op, Path string
	// Since is when what is stuck began to be.
	Since time.Time
	// Detail is of a helper that stopped.
	Detail []byte
	// Inner are the errors it wraps.
	Inner []*Fault
}

// FaultKind is the shape of an error.
type FaultKind byte

// The shapes. The zero byte in the stream is no error.
const (
	FaultPlain   FaultKind = 'e' // text, and what it wraps
	FaultPath    FaultKind = 'p' // an fs.PathError
	FaultStuck   FaultKind = 's' // a host.StuckError
	FaultJoined  FaultKind = 'j' // several errors in one
	FaultStopped FaultKind = 'h' // a helper that did not come to its end
)

const (
	maxFaultDepth = 24
	maxInner      = 4096
)

func (f *Fault) encode(e *encoder) { f.encodeAt(e, 0) }

func (f *Fault) encodeAt(e *encoder, depth int) {
	if f == nil {
		e.byte(0)
		return
	}
	e.byte(byte(f.Kind))
	e.text(f.Text)
	e.uint(f.Is)
	e.int(int64(f.Errno))
	e.text(f.Op)
	e.text(f.Path)
	e.time(f.Since)
	e.bytes(f.Detail)
	if depth+1 >= maxFaultDepth {
		e.uint(0)
		return
	}
	inner := f.Inner[:min(len(f.Inner), maxInner)]
	e.uint(uint64(len(inner)))
	for _, i := range inner {
		i.encodeAt(e, depth+1)
	}
}

func decodeFault(d *decoder) *Fault {
	k := FaultKind(d.byte())
	if k == 0 || d.bad {
		return nil
	}
	if d.depth++; d.depth > maxFaultDepth {
		d.fail()
		return nil
	}
	defer func() { d.depth-- }()
	f := &Fault{Kind: k, Text: d.text(), Is: d.uint(), Errno: d.small(), Op: d.text(), Path: d.text(), Since: d.time(), Detail: d.bytes()}
	for range d.count(1, maxInner) {
		if i := decodeFault(d); i != nil {
			f.Inner = append(f.Inner, i)
		}
		if d.bad {
			return nil
		}
	}
	return f
}
