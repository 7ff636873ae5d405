package scrub

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"example.com/bee/pkg/collectors/host/archive"
)

// readAll takes a recording apart. Pieces of one stream are put together: what is
// sought may lie across them.
func readAll(in io.Reader) ([]archive.Frame, error) {
	r, err := archive.NewReader(in)
	if err != nil {
		return nil, err
	}
	all := []archive.Frame{r.Header()}
	type piece struct {
		id   uint64
		part int
	}
	streams := map[piece]*archive.Chunk{}
	for {
		f, err := r.Next()
		switch {
		case errors.Is(err, archive.ErrCut):
			return append(all, &archive.Close{Reason: err.Error()}), nil
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		if c, ok := f.(*archive.Chunk); ok {
			first := streams[piece{c.ID, c.Part}]
			if first != nil && len(first.Data)+len(c.Data) < archive.MaxFrame-64 {
				first.Data = append(first.Data, c.Data...)
				continue
			}
			streams[piece{c.ID, c.Part}] = c
		}
		all = append(all, f)
	}
}

// write makes a recording of frames.
func write(frames []archive.Frame, out io.Writer) error {
	w, err := archive.NewWriter(out)
	if err != nil {
		return err
	}
	for _, f := range frames {
		if err := w.Append(f); err != nil {
			return err
		}
	}
	return w.Close("")
}

// visit hands every string that came from the machine to f, and takes what it
// returns in its place.
func visit(frames []archive.Frame, f func(frame archive.Frame, w where, b []byte) []byte) {
	for _, frame := range frames {
		text := func(s *string, w where) {
			if *s != "" {
				*s = string(f(frame, w, []byte(*s)))
			}
		}
		data := func(b *[]byte, w where) {
			if len(*b) > 0 {
				*b = f(frame, w, *b)
			}
		}
		call := func(c *archive.Call) {
			text(&c.Name, inPath)
			if c.Protocol == "lldp" { // names of interfaces
				data(&c.Data, inPath)
			}
		}
		var fault func(e *archive.Fault)
		fault = func(e *archive.Fault) {
			if e == nil {
				return
			}
			text(&e.Text, inText)
			text(&e.Path, inPath)
			data(&e.Detail, inText)
			if e.Kind == archive.FaultStopped {
				text(&e.Op, inText)
			}
			for _, i := range e.Inner {
				fault(i)
			}
		}
		switch frame := frame.(type) {
		case *archive.Begin:
			call(&frame.Call)
		case *archive.Refuse:
			call(&frame.Call)
			fault(frame.Err)
		case *archive.End:
			data(&frame.Answer.Data, inData)
			data(&frame.Answer.Status, inData)
			for i := range frame.Answer.Names {
				text(&frame.Answer.Names[i], inPath)
			}
			slices.Sort(frame.Answer.Names)
			fault(frame.Answer.Err)
		case *archive.GiveUp:
			fault(frame.Err)
		case *archive.Chunk:
			data(&frame.Data, inData)
		case *archive.Moment:
			fault(frame.Ended)
		}
	}
}

// exchange is a request with its answer.
type exchange struct {
	call *archive.Call
	end  *archive.End
}

// exchanges pairs the calls that were answered, in their order.
func exchanges(frames []archive.Frame) []exchange {
	open := map[uint64]*archive.Call{}
	var all []exchange
	for _, f := range frames {
		switch f := f.(type) {
		case *archive.Begin:
			open[f.ID] = &f.Call
		case *archive.End:
			if c := open[f.ID]; c != nil {
				all = append(all, exchange{c, f})
			}
		}
	}
	return all
}

var errLeft = errors.New("a value was left in the recording")

func leftIn(where string) error { return fmt.Errorf("%s: %w", where, errLeft) }
