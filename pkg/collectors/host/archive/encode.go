package archive

import (
	"encoding/binary"
	"time"
)

// Append appends the written form of a frame: its kind, the length of what
// follows, and its fields in order.
func Append(dst []byte, f Frame) []byte {
	var e encoder
	f.encode(&e)
	dst = append(dst, f.kind())
	dst = binary.AppendUvarint(dst, uint64(len(e.buf)))
	return append(dst, e.buf...)
}

type encoder struct{ buf []byte }

func (e *encoder) uint(v uint64) { e.buf = binary.AppendUvarint(e.buf, v) }

func (e *encoder) int(v int64) { e.buf = binary.AppendVarint(e.buf, v) }

func (e *encoder) byte(v byte) { e.buf = append(e.buf, v) }

func (e *encoder) bool(v bool) {
	if v {
		e.byte(1)
		return
	}
	e.byte(0)
}

func (e *encoder) bytes(v []byte) {
	e.uint(uint64(len(v)))
	e.buf = append(e.buf, v...)
}

func (e *encoder) text(v string) {
	e.uint(uint64(len(v)))
	e.buf = append(e.buf, v...)
}

// time is in nanoseconds since 1970; zero is a time not known.
func (e *encoder) time(v time.Time) {
	if v.IsZero() {
		e.int(0)
		return
	}
	e.int(v.UnixNano())
}

func (h *Header) encode(e *encoder) {
	e.uint(uint64(max(h.Version, 0)))
	e.text(h.Tool)
	e.text(h.Commit)
	e.text(h.OS)
	e.text(h.Arch)
	e.bool(h.Live)
	e.bool(h.Scrubbed)
	e.time(h.Start)
	e.uint(uint64(len(h.Options)))
	for _, o := range h.Options {
		e.text(o.Name)
		e.text(o.Value)
	}
}

func (c *Call) encode(e *encoder) {
	e.text(c.Collector)
	e.byte(byte(c.Op))
	e.text(c.Name)
	e.text(c.Protocol)
	e.bytes(c.Command)
	e.bytes(c.Data)
	e.int(int64(c.ReadLen))
}

func (b *Begin) encode(e *encoder) {
	e.uint(b.ID)
	e.int(int64(b.After))
	b.Call.encode(e)
}

func (n *End) encode(e *encoder) {
	e.uint(n.ID)
	e.int(int64(n.After))
	e.bytes(n.Answer.Data)
	e.bytes(n.Answer.Status)
	e.uint(uint64(len(n.Answer.Names)))
	for _, s := range n.Answer.Names {
		e.text(s)
	}
	n.Answer.Err.encode(e)
}

func (g *GiveUp) encode(e *encoder) {
	e.uint(g.ID)
	e.int(int64(g.After))
	e.int(int64(g.Bound))
	g.Err.encode(e)
}

func (r *Refuse) encode(e *encoder) {
	e.int(int64(r.After))
	r.Call.encode(e)
	e.int(int64(r.Bound))
	r.Err.encode(e)
}

func (c *Chunk) encode(e *encoder) {
	e.uint(c.ID)
	e.uint(uint64(max(c.Part, 0)))
	e.bytes(c.Data)
}

func (m *Moment) encode(e *encoder) {
	e.byte(byte(m.What))
	e.text(m.Collector)
	e.time(m.At)
	e.int(int64(m.Elapsed))
	m.Ended.encode(e)
}

func (c *Close) encode(e *encoder) { e.text(c.Reason) }
