package nvmlhelper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
)

// Limits on time: for the start, for each GPU, for one call to come back, and
// for a killed process to go away.
const (
	baseDeadline   = 30 * time.Second
	perGPUDeadline = 15 * time.Second
	stallDeadline  = 15 * time.Second
	reapDeadline   = 500 * time.Millisecond
	startDeadline  = 5 * time.Second // until the hello line
)

// A Launcher starts the helper. It is for the life of the program: while a
// helper that could not be killed is still there, it starts no other.
type Launcher struct {
	// Helper is the path of the helper, from [Find].
	Helper string
	// Args are given to it before those of the launcher.
	Args []string
	// Tee, if not nil, is called for each start of a helper; what it returns
	// is written everything that the helper says, as it comes.
	Tee func() io.Writer

	base, perGPU, stall time.Duration
	system              system
	kill                func(pid int) // tests make it do nothing

	mu    sync.Mutex
	stuck *process
}

// New makes a launcher for the helper at path.
func New(path string) *Launcher {
	return &Launcher{
		Helper: path,
		base:   baseDeadline, perGPU: perGPUDeadline, stall: stallDeadline,
		system: system{root: "/", arch: runtime.GOARCH},
		kill:   killGroup,
	}
}

// ReadGPUs is a [nvidia.Source]. It takes at most 30 seconds and 15 more for
// each GPU, less when ctx ends earlier. A helper that crashes is started again
// without the GPU that was asked, so one bad GPU does not hide those behind
// it; the error then says what happened, beside the data of the others. So is
// one that hangs, if it could be killed.
func (l *Launcher) ReadGPUs(ctx context.Context, gpus int) (*nvidia.Data, error) {
	if err := l.free(); err != nil {
		return nil, err
	}
	commands, err := l.system.commands(l.Helper)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, inventory.ErrNotCollected)
	}
	end := time.Now().Add(l.base + time.Duration(gpus)*l.perGPU)
	if by, ok := ctx.Deadline(); ok && by.Before(end) {
		end = by.Add(-min(time.Until(by)/20, 250*time.Millisecond)) // for passing on what arrived
	}
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()

	var notStarted []error
	for _, command := range commands {
		data, err := l.attempts(ctx, command, gpus)
		if data != nil {
			return data, err
		}
		notStarted = append(notStarted, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(notStarted...)
}

// attempts runs the helper until it came to its end or no attempt gets
// further than the one before.
func (l *Launcher) attempts(ctx context.Context, command []string, gpus int) (*nvidia.Data, error) {
	var whole *nvidia.Data
	var errs []error
	for range gpus + 1 {
		data, err, gone := l.once(ctx, command, whole)
		if err != nil {
			errs = append(errs, err)
		}
		if data == nil {
			break
		}
		if whole == nil {
			whole = data
		} else {
			whole.Merge(data)
		}
		// Another attempt makes sense when it is known which GPU to leave
		// out, and there are GPUs behind it.
		if data.Done || !gone || ctx.Err() != nil || data.Pending == nil || data.Pending.GPU < 0 {
			break
		}
		if n, ok := whole.Count(); !ok || data.Pending.GPU >= n-1 {
			break
		}
	}
	return whole, errors.Join(errs...)
}

// once starts the helper and reads it to its end, or to the end of the time.
// gone tells that the process is no more.
func (l *Launcher) once(ctx context.Context, command []string, had *nvidia.Data) (data *nvidia.Data, err error, gone bool) {
	args := append(append([]string(nil), command[1:]...), l.Args...)
	if had != nil {
		args = append(args, "-skip", known(had))
	}
	p, err := start(command[0], args)
	if err != nil {
		return nil, err, true
	}
	defer func() { _ = p.out.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = p.out.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	var in io.Reader = p.out
	if l.Tee != nil {
		in = io.TeeReader(in, l.Tee())
	}
	dec := nvidia.NewDecoder(in)
	for err == nil && (dec.Data() == nil || !dec.Data().Done) {
		_ = p.out.SetReadDeadline(l.patience(dec.Data()))
		if ctx.Err() != nil { // set before the line above
			err = os.ErrDeadlineExceeded
			break
		}
		err = dec.Next()
	}
	data = dec.Data()
	if data != nil && data.Done {
		_ = l.end(p) // it has nothing more to say
		return data, nil, true
	}
	hung := errors.Is(err, os.ErrDeadlineExceeded)
	if !hung {
		p.wait(reapDeadline) // the exit status of one that just died
	}
	gone = l.end(p)
	return data, p.verdict(data, err, hung), gone
}

// patience is how long the next line may take: the first call, which sets up
// the driver, and the start may take all the time there is.
func (l *Launcher) patience(d *nvidia.Data) time.Time {
	now := time.Now()
	switch {
	case d == nil:
		return now.Add(min(startDeadline, l.base))
	case d.Pending == nil || d.Pending.GPU < 0:
		return now.Add(l.base)
	default:
		return now.Add(l.stall)
	}
}

// known are the indices of the GPUs asked so far, the one that was fatal
// included: they are asked in their order.
func known(d *nvidia.Data) string {
	last := -1
	if len(d.GPUs) > 0 {
		last = d.GPUs[len(d.GPUs)-1].Index
	}
	if d.Pending != nil {
		last = max(last, d.Pending.GPU)
	}
	words := make([]string, last+1)
	for i := range words {
		words[i] = strconv.Itoa(i)
	}
	return strings.Join(words, ",")
}

// free fails while a helper left behind is still there.
func (l *Launcher) free() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stuck == nil {
		return nil
	}
	if l.stuck.wait(0) {
		l.stuck = nil
		return nil
	}
	return fmt.Errorf("an earlier NVML helper, process %d, cannot be ended: %w", l.stuck.pid, inventory.ErrStuck)
}

// end kills what is left of the helper and reports whether it is gone. One
// that stays is remembered.
func (l *Launcher) end(p *process) bool {
	if p.wait(0) {
		return true
	}
	l.kill(p.pid)
	if p.wait(reapDeadline) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stuck = p
	return false
}

// A process is a helper that was started.
type process struct {
	pid    int
	out    *os.File // what it writes to descriptor 3
	stderr *head
	done   chan struct{}
	err    error // after done
}

// start starts a helper with a pipe on descriptor 3 and nothing on 0 and 1,
// in a process group of its own.
//
// The goroutine is where the waiting happens; it is left behind with a process
// that cannot be killed. It keeps its thread, because the kernel sends the
// signal that ends the helper with audit when the thread that started it ends.
func start(path string, args []string) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &process{out: r, stderr: &head{}, done: make(chan struct{})}
	cmd := exec.Command(path, args...) //nolint:gosec,noctx // the operator's own choice; a context would wait for the process
	cmd.Env = environment()
	cmd.ExtraFiles = []*os.File{w}
	cmd.Stderr = p.stderr
	cmd.WaitDelay = reapDeadline // for a grandchild that keeps stderr open
	cmd.SysProcAttr = attributes()
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
		close(p.done)
	}()
	err = <-started
	_ = w.Close()
	if err != nil {
		_ = r.Close()
		return nil, fmt.Errorf("NVML helper: %w", err)
	}
	return p, nil
}

// wait reports whether the process ended, after at most d.
func (p *process) wait(d time.Duration) bool {
	select {
	case <-p.done:
		return true
	default:
	}
	if d == 0 {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.done:
		return true
	case <-t.C:
		return false
	}
}

// verdict is why a helper did not come to its end.
func (p *process) verdict(data *nvidia.Data, err error, hung bool) error {
	e := &nvidia.StoppedError{How: nvidia.Crash, Err: err, Detail: p.stderr.line()}
	switch {
	case hung:
		e.How, e.Err, e.Detail = nvidia.Hang, context.DeadlineExceeded, ""
	case errors.Is(err, inventory.ErrMalformed) && data != nil:
		return fmt.Errorf("NVML helper: %w", err) // its own words, not a crash
	case p.wait(0) && p.err != nil:
		e.Err = p.err
	}
	if data != nil {
		e.During = data.Pending
	}
	return e
}
