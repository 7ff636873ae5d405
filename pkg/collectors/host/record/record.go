// Package record writes down what a host asks of a machine and what comes back,
// while it happens:
//
//	src, err := host.LiveSource()
//	rec, err := record.New(src, w, record.Info{Tool: "1.2.3"})
//	h := host.New(rec)
//	report := inventory.Collect(ctx, collectors.Default(h), inventory.WithTimekeeper(rec))
//	err = rec.Close()
//
// What is written to w is a stream of frames (package archive), each in one
// Write, the one before a call before the call is made: what a process that is
// lost had written can be used. [archive.Writer] makes a file of it. Package
// replay is the way back.
//
// Secrets that no report holds are not written either: credentials that firmware
// tables carry for the operating system, and words of the kernel's command line
// that look like one.
package record

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/internal/fault"
	"example.com/bee/pkg/inventory"
)

// Info says what is recorded.
type Info struct {
	// Tool and Commit name the program.
	Tool, Commit string
	// Options are those of the run that decide what is in its report; a
	// replay asks for them.
	Options []archive.Option
}

// A Recorder is a source that passes everything on to another one and writes it
// down. It is also the [inventory.Timekeeper] of the run that is recorded.
type Recorder struct {
	host.Source
	inventory.Timekeeper
	start time.Time

	mu   sync.Mutex
	w    io.Writer
	buf  []byte
	id   uint64
	mask map[uint64]func([]byte) []byte // calls under way whose answer holds secrets
	err  error
}

// New begins a recording of src on w. Writing is done under a lock, by whoever
// makes a call: w must not block for long. The first error ends the recording,
// not the run; [Recorder.Close] returns it.
func New(src host.Source, w io.Writer, info Info) (*Recorder, error) {
	r := &Recorder{Source: src, w: w, start: src.Now(), mask: map[uint64]func([]byte) []byte{}}
	r.Timekeeper = &timekeeper{rec: r}
	r.put(&archive.Header{
		Version: archive.Version, Tool: info.Tool, Commit: info.Commit, OS: runtime.GOOS, Arch: runtime.GOARCH,
		Live: host.New(src).IsLive(), Start: r.start, Options: info.Options,
	})
	return r, r.err
}

// Close ends the recording; the source stays as it is.
func (r *Recorder) Close() error { return r.CloseFor("") }

// CloseFor is Close for a recording that ends before the run does.
func (r *Recorder) CloseFor(reason string) error {
	r.put(&archive.Close{Reason: reason})
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.err
	r.w = io.Discard // calls left behind may still come back
	return err
}

// put writes one frame.
func (r *Recorder) put(f archive.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.putLocked(f)
}

func (r *Recorder) putLocked(f archive.Frame) {
	if r.err != nil {
		return
	}
	r.buf = archive.Append(r.buf[:0], f)
	if _, err := r.w.Write(r.buf); err != nil {
		r.err = fmt.Errorf("recording: %w", err)
	}
	if cap(r.buf) > 1<<20 {
		r.buf = nil
	}
}

func (r *Recorder) after() time.Duration { return time.Since(r.start) }

// Unwrap implements [host.Tap].
func (r *Recorder) Unwrap() host.Source { return r.Source }

// Began implements [host.Tap].
func (r *Recorder) Began(ctx context.Context, c host.Call) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.id++
	if m := maskOf(c); m != nil {
		r.mask[r.id] = m
	}
	r.putLocked(&archive.Begin{ID: r.id, After: r.after(), Call: written(ctx, c)})
	return r.id
}

// Ended implements [host.Tap].
func (r *Recorder) Ended(id uint64, a host.Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.mask[id]; m != nil {
		delete(r.mask, id)
		a.Data = m(a.Data)
	}
	r.putLocked(&archive.End{ID: id, After: r.after(), Answer: archive.Answer{
		Data: a.Data, Status: a.Status, Names: a.Names, Err: fault.From(a.Err),
	}})
}

// GivenUp implements [host.Tap].
func (r *Recorder) GivenUp(ctx context.Context, id uint64, err error) {
	r.put(&archive.GiveUp{ID: id, After: r.after(), Bound: inventory.BoundEnded(ctx), Err: fault.From(err)})
}

// Refused implements [host.Tap].
func (r *Recorder) Refused(ctx context.Context, c host.Call, err error) {
	r.put(&archive.Refuse{After: r.after(), Call: written(ctx, c), Bound: inventory.BoundEnded(ctx), Err: fault.From(err)})
}

// written is a call as the archive has it.
func written(ctx context.Context, c host.Call) archive.Call {
	return archive.Call{
		Collector: inventory.BoundOf(ctx), Op: c.Op, Name: c.Name, Protocol: string(c.Protocol),
		Command: c.Request.Command, Data: c.Request.Data, ReadLen: c.Request.ReadLen,
	}
}
