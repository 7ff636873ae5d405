package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/bee/pkg/inventory"
)

// How long the parent waits for what should come at once.
const (
	stopDeadline  = time.Second            // for a worker told to stop
	drainDeadline = 250 * time.Millisecond // for what a killed worker had said
	reapDeadline  = 250 * time.Millisecond // for a dead process to be reported
	patience      = 500 * time.Millisecond // beyond the time of the run
)

// Options say what a worker is to do.
type Options struct {
	// Job is what the worker's Attach is to read; it has a JSON form.
	Job any
	// Timeout is the time of the run. The worker ends it by itself; the parent
	// does a little later.
	Timeout time.Duration
	// Stderr takes what the worker logs, line by line, fit for a terminal.
	Stderr io.Writer
	// Recording takes what the worker writes to its Link's Recording; nil: no
	// recording is wanted. It is written to by one goroutine, and not after Run
	// has returned.
	Recording io.Writer

	// For tests: what to start instead of this program, and what kills it.
	program string
	kill    func(pid int)
}

// NotStartedError says that there was no worker, and that nothing was
// collected.
type NotStartedError struct{ Err error }

func (e *NotStartedError) Error() string {
	return fmt.Sprintf("the collecting process could not be started: %v", e.Err)
}

func (e *NotStartedError) Unwrap() error { return e.Err }

// RefusedError says in the worker's words why the run could not begin.
type RefusedError struct{ Text string }

func (e *RefusedError) Error() string { return e.Text }

// RecordingError says that the recording is not whole; the report is.
type RecordingError struct{ Err error }

func (e *RecordingError) Error() string { return e.Err.Error() }

func (e *RecordingError) Unwrap() error { return e.Err }

// Run collects in a worker and makes its report: whole, or of what had arrived
// when the worker died, its time was up, or ctx ended. There is no report with
// a *NotStartedError or *RefusedError, and there is one with a
// *RecordingError.
func Run(ctx context.Context, a *inventory.Assembly, o Options) (*inventory.Report, error) {
	begun := time.Now()
	job, err := json.Marshal(map[string]any{"record": o.Recording != nil, "job": o.Job})
	if err != nil {
		return nil, fmt.Errorf("worker: the job: %w", err)
	}
	p, err := start(o)
	if err != nil {
		return nil, &NotStartedError{err}
	}
	in := newReader(p, a)
	defer p.close()
	// A pipe takes this much at once, whether or not somebody reads.
	_ = p.job.SetWriteDeadline(begun.Add(o.Timeout))
	_, _ = p.job.Write(append(job, '\n')) // one that died says so below

	_ = p.out.SetReadDeadline(begun.Add(o.Timeout + patience))
	stop := context.AfterFunc(ctx, func() {
		_, _ = fmt.Fprintf(p.job, "%s%s\n", stopWord, context.Cause(ctx))
		_ = p.out.SetReadDeadline(time.Now().Add(stopDeadline))
	})
	defer stop()

	err = in.read()
	stop()
	if !in.done {
		err = p.cut(ctx, in, err)
	}
	if err != nil {
		return nil, err
	}
	recorded := p.finish(in.done)
	r := a.Report(in.cause)
	if recorded != nil {
		return r, &RecordingError{recorded}
	}
	return r, nil
}

// cut ends a worker that did not come to its end, and finds out why. The error
// it returns is that there is no report; why there is no more in it is left in
// the reader.
func (p *process) cut(ctx context.Context, in *reader, err error) error {
	var refused *RefusedError
	if errors.As(err, &refused) {
		return err
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		if errors.Is(err, inventory.ErrMalformed) {
			in.cause = fmt.Errorf("the collecting process: %w", err)
		} else {
			in.cause = p.death()
		}
		p.kill()
		if !in.hello {
			return &NotStartedError{in.cause}
		}
		return nil
	}
	p.kill()
	_ = p.out.SetReadDeadline(time.Now().Add(drainDeadline))
	in.wait = true
	if err := in.read(); err == nil {
		return nil // it was just late
	}
	how, why := "did not come to its end", context.DeadlineExceeded
	if ctx.Err() != nil {
		how, why = "did not stop when told to", inventory.Cause(ctx)
	}
	if !p.ended(reapDeadline) {
		how += " and hangs in the kernel, where nothing can end it"
	}
	in.cause = fmt.Errorf("the collecting process %s: %w", how, why)
	return nil
}

// finish waits a little for what the worker wrote last, and returns why the
// recording is not whole.
func (p *process) finish(whole bool) error {
	limit := drainDeadline
	if whole && p.recording != nil {
		limit = stopDeadline // what is left to do is the writer's
	}
	for _, f := range []*os.File{p.stderr, p.recording} {
		if f != nil {
			_ = f.SetReadDeadline(time.Now().Add(limit))
		}
	}
	read := make(chan struct{})
	go func() { p.pipes.Wait(); close(read) }()
	t := time.NewTimer(limit + drainDeadline)
	defer t.Stop()
	select {
	case <-read:
		return p.copied
	case <-t.C:
		return errors.New("the recording: its writer does not come back")
	}
}

// close leaves nothing behind that can be ended. A worker that came to its end
// has nothing more to do; it is not waited for.
func (p *process) close() {
	p.kill()
	_ = p.job.Close()
	_ = p.out.Close()
}

// keep copies a recording. When it cannot be written any more the rest is
// read and dropped: the worker must not wait for a full disk.
func keep(to io.Writer, from *os.File) error {
	defer from.Close() //nolint:errcheck // nothing was written
	_, err := io.Copy(to, from)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("the recording ends early: %w", err)
	}
	if err != nil {
		_, _ = io.Copy(io.Discard, from)
		return fmt.Errorf("the recording: %w", err)
	}
	return nil
}
