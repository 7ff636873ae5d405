package worker

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/bee/pkg/inventory"
)

// look is how long the parent sleeps at most between two looks at what the
// worker said, when nothing rings: waking it for each event would take from
// the worker the processor that both need.
const look = 100 * time.Millisecond

// errNothingNow says that a pipe is empty and may be filled yet.
var errNothingNow = errors.New("nothing now")

// reader takes what a worker says.
type reader struct {
	out, bell *os.File
	wait      bool // for each line: nothing rings any more
	in        *bufio.Reader

	a     *inventory.Assembly
	line  []byte // the beginning of one
	total int
	count int
	hello bool
	done  bool
	cause error // why collectors did not end
}

func newReader(p *process, a *inventory.Assembly) *reader {
	r := &reader{out: p.out, bell: p.bell, a: a}
	r.in = bufio.NewReaderSize(r, 64<<10)
	return r
}

// Read reads from the worker's pipe. It waits only for the rest of a line that
// was begun: the worker may be in the middle of one that the pipe cannot hold.
func (r *reader) Read(p []byte) (int, error) {
	if r.wait || len(r.line) > 0 {
		return r.out.Read(p)
	}
	n, err := readNow(r.out, p)
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// read returns nil after the worker's last line, else why it ended before.
func (r *reader) read() error {
	for !r.done {
		line, err := r.next()
		if err == errNothingNow { //nolint:errorlint // as Read made it
			r.listen()
			continue
		}
		if err != nil {
			return err
		}
		if err := r.take(line); err != nil {
			return err
		}
	}
	return nil
}

// listen waits for the bell, but not for ever: a worker whose memory is
// damaged, or that was killed while something it had started lives on, rings
// no more.
func (r *reader) listen() {
	if len(r.line) > 0 {
		return // the next read waits
	}
	var rung [64]byte
	_ = r.bell.SetReadDeadline(time.Now().Add(look))
	if _, err := r.bell.Read(rung[:]); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		r.wait = true
	}
}

// next returns one whole line without its end.
func (r *reader) next() ([]byte, error) {
	for {
		part, err := r.in.ReadSlice('\n')
		r.total += len(part)
		if len(r.line)+len(part) > maxLine || r.total > maxTotal {
			return nil, fmt.Errorf("said more than a report can be: %w", inventory.ErrMalformed)
		}
		if err == nil && len(r.line) == 0 {
			return part, nil
		}
		r.line = append(r.line, part...)
		switch {
		case err == nil:
			line := r.line
			r.line = nil
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func (r *reader) take(line []byte) error {
	letter, data := line[0], bytes.TrimSpace(line[1:])
	switch letter {
	case lineHello:
		r.hello = true
	case lineEvent:
		if r.count++; r.count > maxEvents {
			return fmt.Errorf("said more than a report can be: %w", inventory.ErrMalformed)
		}
		e, err := inventory.DecodeEvent(data)
		if err != nil {
			return err
		}
		return r.a.Add(e)
	case lineDone:
		var t times
		if err := json.Unmarshal(data, &t); err != nil {
			return fmt.Errorf("its end: %w: %w", inventory.ErrMalformed, err)
		}
		r.a.SetTimes(t.Started, t.Finished, t.Took)
		r.done = true
	case lineRefusal:
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return fmt.Errorf("its refusal: %w: %w", inventory.ErrMalformed, err)
		}
		return &RefusedError{text}
	default:
		return fmt.Errorf("a line of kind %q: %w", letter, inventory.ErrMalformed)
	}
	return nil
}
