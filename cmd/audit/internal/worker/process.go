package worker

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// self is this very program, also when its file was replaced or removed.
const self = "/proc/self/exe"

// process is a worker that was started, as its parent sees it.
type process struct {
	child *child
	job   *os.File // to it
	out   *os.File // from it: events
	bell  *os.File // from it: there are events
	words *words
	pipes sync.WaitGroup // those who read what it writes

	stderr    *os.File // from it
	recording *os.File // from it; nil when there is none
	copied    error    // after pipes

	killer func(pid int) // for tests
}

// ends are the ends of the pipes, in the order of the worker's descriptors
// without 1.
type ends struct{ ours, theirs []*os.File }

func (e *ends) from() error {
	r, w, err := os.Pipe()
	if err == nil {
		e.ours, e.theirs = append(e.ours, r), append(e.theirs, w)
	}
	return err
}

func (e *ends) to() error {
	r, w, err := os.Pipe()
	if err == nil {
		e.ours, e.theirs = append(e.ours, w), append(e.theirs, r)
	}
	return err
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// start starts a worker in a process group of its own: what is typed at the
// terminal is for the parent to decide.
func start(o Options) (*process, error) {
	var e ends
	var err error
	for _, pipe := range []func() error{e.to, e.from, e.from, e.from} {
		if err = pipe(); err != nil {
			break
		}
	}
	if err == nil && o.Recording != nil {
		err = e.from()
	}
	if err != nil {
		closeAll(append(e.ours, e.theirs...))
		return nil, err
	}
	p := &process{job: e.ours[0], stderr: e.ours[1], words: &words{to: o.Stderr}, out: e.ours[2], bell: e.ours[3], killer: o.kill}
	program := o.program
	if program == "" {
		program = self
	}
	p.child, err = spawn(program, []string{os.Args[0], Name}, e.theirs)
	closeAll(e.theirs)
	if err != nil {
		closeAll(e.ours)
		return nil, err
	}
	p.pipes.Go(func() { p.words.relay(p.stderr); _ = p.stderr.Close() })
	if o.Recording != nil {
		p.recording = e.ours[4]
		p.pipes.Go(func() { p.copied = keep(o.Recording, p.recording) })
	}
	return p, nil
}

// ended reports whether the process ended, after at most d.
func (p *process) ended(d time.Duration) bool {
	select {
	case <-p.child.done:
		return true
	default:
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.child.done:
		return true
	case <-t.C:
		return false
	}
}

// kill ends the worker, if it can be ended. What it started ends with it.
func (p *process) kill() {
	if p.killer != nil {
		p.killer(p.child.pid)
		return
	}
	p.child.kill()
}

// death says in words how the process ended.
func (p *process) death() error {
	how := "it closed its pipe and went on"
	if p.ended(reapDeadline) {
		how = p.child.how
	}
	if w := p.words.final(); w != "" {
		return fmt.Errorf("the collecting process died: %s: %s", how, w)
	}
	return fmt.Errorf("the collecting process died: %s", how)
}
