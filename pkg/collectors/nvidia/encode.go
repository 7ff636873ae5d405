package nvidia

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// An Encoder writes the line protocol. What is read between two calls is
// written together with the announcement of the second, which is always
// written before the call is made.
type Encoder struct {
	w   io.Writer
	buf []byte
}

// NewEncoder writes the hello line and returns an Encoder for the rest.
func NewEncoder(w io.Writer, version string, pid int) (*Encoder, error) {
	e := &Encoder{w: w}
	if err := e.line(wireLine{Hello: &wireHello{Protocol: Protocol, Version: clip(version), PID: pid}}); err != nil {
		return nil, err
	}
	return e, e.flush()
}

// Say implements [Sink].
func (e *Encoder) Say(n Note) error {
	if err := e.line(wireLine{Note: &wireNote{Kind: n.Kind, Detail: clip(n.Detail)}}); err != nil {
		return err
	}
	return e.flush()
}

// Calling implements [Sink].
func (e *Encoder) Calling(q Query) error {
	if err := e.line(wireLine{Call: toWire(q)}); err != nil {
		return err
	}
	return e.flush()
}

// Read implements [Sink].
func (e *Encoder) Read(r Reading) error {
	w := toWire(r.Query)
	w.Return, w.Numbers, w.Text = &r.Return, r.Numbers, clip(r.Text)
	return e.line(wireLine{Read: w})
}

// Complete implements [Sink].
func (e *Encoder) Complete(gpu int) error {
	if err := e.line(wireLine{Complete: &wireComplete{GPU: gpu}}); err != nil {
		return err
	}
	return e.flush()
}

// Finish implements [Sink].
func (e *Encoder) Finish() error {
	if err := e.line(wireLine{Done: &struct{}{}}); err != nil {
		return err
	}
	return e.flush()
}

func (e *Encoder) line(l wireLine) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode line: %w", err)
	}
	e.buf = append(append(e.buf, b...), '\n')
	return nil
}

func (e *Encoder) flush() error {
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}

// Encode writes d as the stream that [DecodeHelper] makes it of.
func Encode(w io.Writer, d *Data) error {
	e, err := NewEncoder(w, d.Hello.Version, d.Hello.PID)
	if err != nil {
		return err
	}
	for _, n := range d.Notes {
		if err := e.Say(n); err != nil {
			return err
		}
	}
	for _, r := range d.System {
		if err := e.Read(r); err != nil {
			return err
		}
	}
	for _, g := range d.GPUs {
		if err := e.device(g); err != nil {
			return err
		}
	}
	if d.Pending != nil {
		return e.Calling(*d.Pending)
	}
	if d.Done {
		return e.Finish()
	}
	return e.flush()
}

func (e *Encoder) device(g Device) error {
	for _, r := range g.Readings {
		if err := e.Read(r); err != nil {
			return err
		}
	}
	for _, in := range g.Instances {
		for _, r := range in.Readings {
			if err := e.Read(r); err != nil {
				return err
			}
		}
	}
	if g.Complete {
		return e.Complete(g.Index)
	}
	return nil
}

func toWire(q Query) *wireReading {
	w := &wireReading{Function: q.Function, Args: q.Args}
	if q.GPU >= 0 {
		w.GPU = new(q.GPU)
		if q.Instance >= 0 {
			w.Instance = new(q.Instance)
		}
	}
	return w
}

// clip bounds a string and makes it UTF-8, as JSON demands.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}
