package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrMalformed is an archive that no recorder wrote.
var ErrMalformed = errors.New("malformed recording")

// Bounds on a frame and on the lists inside it.
const (
	// MaxFrame is the most one frame may hold, which is more than the largest
	// file a host reads.
	MaxFrame   = 24 << 20
	maxOptions = 64
)

// Decode reads the fields of a frame of that kind. A frame of a kind that is not
// known is nil, nil: later minor versions may add some.
func Decode(kind byte, fields []byte) (Frame, error) {
	f := newFrame(kind)
	if f == nil {
		return nil, nil
	}
	d := decoder{buf: fields}
	f.decode(&d)
	if d.bad {
		return nil, fmt.Errorf("frame %q of %d bytes: %w", kind, len(fields), ErrMalformed)
	}
	return f, nil
}

// decoder reads fields; the first that does not fit spoils all that follow.
// Fields after the last known one are left alone, so that some may be added.
type decoder struct {
	buf   []byte
	bad   bool
	depth int
}

func (d *decoder) fail() {
	d.bad, d.buf = true, nil
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.buf)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[n:]
	return v
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.buf)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[n:]
	return v
}

// small is an int that fits in 31 bits.
func (d *decoder) small() int {
	v := d.int()
	if v < math.MinInt32 || v > math.MaxInt32 {
		d.fail()
		return 0
	}
	return int(v)
}

func (d *decoder) byte() byte {
	if len(d.buf) == 0 {
		d.fail()
		return 0
	}
	v := d.buf[0]
	d.buf = d.buf[1:]
	return v
}

func (d *decoder) bool() bool { return d.byte() != 0 }

// bytes is nil for none.
func (d *decoder) bytes() []byte {
	n := d.uint()
	if n > uint64(len(d.buf)) {
		d.fail()
		return nil
	}
	if n == 0 {
		return nil
	}
	v := d.buf[:n:n]
	d.buf = d.buf[n:]
	return v
}

func (d *decoder) text() string { return string(d.bytes()) }

// count is the length of a list whose entries take at least size bytes each.
func (d *decoder) count(size, limit int) int {
	n := d.uint()
	if n > uint64(len(d.buf)/size) || n > uint64(limit) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) time() time.Time {
	v := d.int()
	if v == 0 {
		return time.Time{}
	}
	return time.Unix(0, v).UTC()
}

func (d *decoder) duration() time.Duration { return time.Duration(d.int()) }

func (h *Header) decode(d *decoder) {
	v := d.uint()
	if v > math.MaxInt32 {
		d.fail()
		return
	}
	h.Version = int(v)
	h.Tool = d.text()
	h.Commit = d.text()
	h.OS = d.text()
	h.Arch = d.text()
	h.Live = d.bool()
	h.Scrubbed = d.bool()
	h.Start = d.time()
	for range d.count(2, maxOptions) {
		h.Options = append(h.Options, Option{d.text(), d.text()})
	}
}

func (c *Call) decode(d *decoder) {
	c.Collector = d.text()
	c.Op = Op(d.byte())
	c.Name = d.text()
	c.Protocol = d.text()
	c.Command = d.bytes()
	c.Data = d.bytes()
	c.ReadLen = d.small()
}

func (b *Begin) decode(d *decoder) {
	b.ID = d.uint()
	b.After = d.duration()
	b.Call.decode(d)
}

func (n *End) decode(d *decoder) {
	n.ID = d.uint()
	n.After = d.duration()
	n.Answer.Data = d.bytes()
	n.Answer.Status = d.bytes()
	for range d.count(1, MaxFrame) {
		n.Answer.Names = append(n.Answer.Names, d.text())
		if d.bad {
			return
		}
	}
	n.Answer.Err = decodeFault(d)
}

func (g *GiveUp) decode(d *decoder) {
	g.ID = d.uint()
	g.After = d.duration()
	g.Bound = d.small()
	g.Err = decodeFault(d)
}

func (r *Refuse) decode(d *decoder) {
	r.After = d.duration()
	r.Call.decode(d)
	r.Bound = d.small()
	r.Err = decodeFault(d)
}

func (c *Chunk) decode(d *decoder) {
	c.ID = d.uint()
	part := d.uint()
	if part > math.MaxInt32 {
		d.fail()
		return
	}
	c.Part = int(part)
	c.Data = d.bytes()
}

func (m *Moment) decode(d *decoder) {
	m.What = MomentKind(d.byte())
	m.Collector = d.text()
	m.At = d.time()
	m.Elapsed = d.duration()
	m.Ended = decodeFault(d)
}

func (c *Close) decode(d *decoder) { c.Reason = d.text() }
