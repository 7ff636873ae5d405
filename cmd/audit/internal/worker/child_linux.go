package worker

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// child is a process that was started. os/exec would fork once more, to find
// out whether the kernel has descriptors of processes.
type child struct {
	pid  int
	done chan struct{} // closed when it ended
	how  string        // in words, after done

	mu     sync.Mutex
	reaped bool // its number may be another process's
}

// spawn starts a program with files as its descriptors 0, 2, 3 and so on, in
// a process group of its own.
//
// The goroutine is where the waiting happens; it is left behind with a process
// that cannot be killed. It keeps its thread, because the kernel sends the
// signal that ends the child with its parent when the thread that started it
// ends.
func spawn(program string, argv []string, files []*os.File) (*child, error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close() //nolint:errcheck // nothing is written
	fds := []uintptr{files[0].Fd(), null.Fd()}
	for _, f := range files[1:] {
		fds = append(fds, f.Fd())
	}
	// Inherited by the child. A process that lives for a moment touches little
	// of each huge page that the kernel would clear for it.
	_ = unix.Prctl(unix.PR_SET_THP_DISABLE, 1, 0, 0, 0)
	c := &child{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		var err error
		c.pid, err = syscall.ForkExec(program, argv, &syscall.ProcAttr{ //nolint:gosec // this program, or a test's
			Env: os.Environ(), Files: fds,
			Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
		})
		if err != nil {
			started <- &os.PathError{Op: "fork/exec", Path: program, Err: err}
			return
		}
		started <- nil
		c.wait()
		close(c.done)
	}()
	return c, <-started
}

// wait returns when the child has ended.
func (c *child) wait() {
	for {
		// Only looked at: until it is fetched its number is its own.
		err := unix.Waitid(unix.P_PID, c.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(c.pid, &status, 0, nil)
		if err == nil {
			break
		}
		if err != syscall.EINTR { // somebody else fetched it
			c.reaped, c.how = true, fmt.Sprintf("how is not known: %v", err)
			return
		}
	}
	c.reaped = true
	switch {
	case status.Signaled():
		c.how = "signal: " + status.Signal().String()
	default:
		c.how = fmt.Sprintf("exit status %d", status.ExitStatus())
	}
}

func (c *child) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reaped {
		_ = syscall.Kill(c.pid, syscall.SIGKILL) // one that ended needs none
	}
}
