//go:build !linux

package worker

import (
	"errors"
	"os"
)

// child is never there: a worker is started on Linux only, as nothing is
// collected elsewhere.
type child struct {
	pid  int
	done chan struct{}
	how  string
}

func spawn(string, []string, []*os.File) (*child, error) { return nil, errors.ErrUnsupported }

func (*child) kill() {}

func inherited(int) bool { return false }

func closeOnExec(int) {}

func capacity(int) int { return os.Getpagesize() }

func readNow(f *os.File, p []byte) (int, error) { return f.Read(p) }
