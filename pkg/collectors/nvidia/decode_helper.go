package nvidia

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"example.com/bee/pkg/inventory"
)

// DecodeHelper reads what a helper wrote (see [Protocol]) to the end.
//
// A stream that ends early is no error: Done is false then, and Pending names
// the call that did not come back. A line that is not of the protocol is
// [inventory.ErrMalformed]; what came before it is returned with the error.
// Only without a hello line of a known protocol is there no Data at all. An
// error of r is returned as it is, with what had arrived.
func DecodeHelper(r io.Reader) (*Data, error) {
	d := NewDecoder(r)
	for {
		switch err := d.Next(); {
		case errors.Is(err, io.EOF):
			return d.Data(), nil
		case err != nil:
			return d.Data(), err
		}
	}
}

// A Decoder reads the line protocol one line at a time, for readers that
// watch the clock between lines.
type Decoder struct {
	r     *bufio.Reader
	data  *Data
	lines int
}

// NewDecoder returns a Decoder that reads from r.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{r: bufio.NewReaderSize(r, MaxLine)}
}

// Data is what was read so far; nil before the hello line.
func (d *Decoder) Data() *Data { return d.data }

// Next reads one line. It returns [io.EOF] at the end of a stream that began
// with a hello line, [inventory.ErrMalformed] for anything that is not of the
// protocol, and errors of the reader as they are. After an error it must not
// be called again.
func (d *Decoder) Next() error {
	line, err := d.r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return fmt.Errorf("helper line %d: longer than %d bytes: %w", d.lines+1, MaxLine, inventory.ErrMalformed)
	case errors.Is(err, io.EOF) && d.data == nil:
		return fmt.Errorf("helper ended without a hello line: %w", inventory.ErrMalformed)
	case err != nil: // an unfinished line is of no use
		return err
	}
	d.lines++
	if d.lines > maxLines {
		return errTooMuch("helper lines")
	}
	if err := d.line(line); err != nil {
		return fmt.Errorf("helper line %d: %w", d.lines, err)
	}
	return nil
}

func (d *Decoder) line(b []byte) error {
	var l wireLine
	if err := json.Unmarshal(b, &l); err != nil {
		return fmt.Errorf("%w: %w", inventory.ErrMalformed, err)
	}
	if d.data == nil {
		return d.hello(l.Hello)
	}
	switch {
	case l.Note != nil:
		return d.data.Say(Note{Kind: NoteKind(clip(string(l.Note.Kind))), Detail: clip(l.Note.Detail)})
	case l.Call != nil:
		q, err := l.Call.query()
		if err != nil {
			return err
		}
		return d.data.Calling(q)
	case l.Read != nil:
		r, err := l.Read.reading()
		if err != nil {
			return err
		}
		return d.data.Read(r)
	case l.Complete != nil:
		return d.data.Complete(l.Complete.GPU)
	case l.Done != nil:
		return d.data.Finish()
	default:
		return nil // a later version's line
	}
}

func (d *Decoder) hello(h *wireHello) error {
	switch {
	case h == nil:
		return fmt.Errorf("no hello: %w", inventory.ErrMalformed)
	case h.Protocol != Protocol:
		return fmt.Errorf("helper speaks protocol %d, not %d: %w", h.Protocol, Protocol, inventory.ErrMalformed)
	}
	d.data = &Data{Hello: Hello{Protocol: h.Protocol, Version: clip(h.Version), PID: h.PID}}
	return nil
}

func (w *wireReading) query() (Query, error) {
	q := Query{Function: w.Function, GPU: Whole, Instance: Whole, Args: w.Args}
	if w.GPU != nil {
		q.GPU = *w.GPU
		if w.Instance != nil {
			q.Instance = *w.Instance
		}
	} else if w.Instance != nil {
		return Query{}, fmt.Errorf("MIG device of no GPU: %w", inventory.ErrMalformed)
	}
	if q.GPU < Whole || q.GPU >= maxGPUs || q.Instance < Whole || q.Instance >= maxInstances {
		return Query{}, fmt.Errorf("no such GPU: %w", inventory.ErrMalformed)
	}
	if w.Function == "" || len(w.Function) > maxText || len(w.Args) > maxArgs {
		return Query{}, fmt.Errorf("no such function: %w", inventory.ErrMalformed)
	}
	return q, nil
}

func (w *wireReading) reading() (Reading, error) {
	q, err := w.query()
	if err != nil {
		return Reading{}, err
	}
	if w.Return == nil || len(w.Numbers) > maxNumbers {
		return Reading{}, fmt.Errorf("%s: no return code or too many numbers: %w", q, inventory.ErrMalformed)
	}
	return Reading{Query: q, Return: *w.Return, Numbers: w.Numbers, Text: clip(w.Text)}, nil
}
