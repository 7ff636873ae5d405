// Package fault writes errors down and makes them again, so that those of a
// replay say the same words and are, by errors.Is and errors.As, the same as
// those of the live run.
package fault

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
)

// known are the errors that callers ask for, each with its bit in the archive.
// The order is part of the format: new ones go to the end.
func known() [14]error {
	return [...]error{
		fs.ErrNotExist, fs.ErrPermission, errors.ErrUnsupported, inventory.ErrMalformed, inventory.ErrStuck,
		inventory.ErrNotCollected, context.DeadlineExceeded, context.Canceled, fs.ErrExist, fs.ErrInvalid,
		fs.ErrClosed, host.ErrTooLarge, io.ErrUnexpectedEOF, os.ErrDeadlineExceeded,
	}
}

// Bounds on what is written down of one error.
const (
	maxDepth = 16
	maxText  = 16 << 10
)

// From writes an error down; nil for nil.
func From(err error) *archive.Fault { return from(err, 0) }

func from(err error, depth int) *archive.Fault {
	if err == nil {
		return nil
	}
	f := &archive.Fault{Kind: archive.FaultPlain, Text: clip(err.Error()), Is: bits(err)}
	if depth == maxDepth {
		return f
	}
	switch e := err.(type) { //nolint:errorlint // one error after the other, from the outermost in
	case *fs.PathError:
		f.Kind, f.Op, f.Path = archive.FaultPath, e.Op, e.Path
		f.Inner = []*archive.Fault{from(e.Err, depth+1)}
	case host.StuckError:
		f.Kind, f.Path, f.Since = archive.FaultStuck, e.Name, e.Since
	case *nvidia.StoppedError:
		f.Kind, f.Path, f.Op = archive.FaultStopped, e.How, clip(e.Detail)
		if e.During != nil {
			f.Detail, _ = json.Marshal(e.During) // of strings and numbers
		}
		if e.Err != nil {
			f.Inner = []*archive.Fault{from(e.Err, depth+1)}
		}
	case syscall.Errno:
		f.Errno = number(e)
	case interface{ Unwrap() []error }:
		f.Kind = archive.FaultJoined
		for _, inner := range e.Unwrap() {
			if inner != nil {
				f.Inner = append(f.Inner, from(inner, depth+1))
			}
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			f.Inner = []*archive.Fault{from(inner, depth+1)}
		}
	}
	return f
}

func bits(err error) uint64 {
	var v uint64
	for i, k := range known() {
		if errors.Is(err, k) {
			v |= 1 << i
		}
	}
	return v
}

func clip(s string) string { return s[:min(len(s), maxText)] }

// To makes the error again; nil for nil.
func To(f *archive.Fault) error {
	if f == nil {
		return nil
	}
	var inner []error
	for _, i := range f.Inner {
		if err := To(i); err != nil {
			inner = append(inner, err)
		}
	}
	one := recorded{f.Text, f.Is, f.Errno}
	switch f.Kind {
	case archive.FaultPath:
		if len(inner) == 1 {
			return &fs.PathError{Op: f.Op, Path: f.Path, Err: inner[0]}
		}
	case archive.FaultStuck:
		return host.StuckError{Name: f.Path, Since: f.Since}
	case archive.FaultStopped:
		e := &nvidia.StoppedError{How: f.Path, Detail: f.Op}
		if len(inner) > 0 {
			e.Err = inner[0]
		}
		if len(f.Detail) > 0 {
			e.During = new(nvidia.Query)
			if json.Unmarshal(f.Detail, e.During) != nil {
				e.During = nil
			}
		}
		return e
	case archive.FaultJoined:
		return joined{one, inner}
	}
	switch {
	case len(inner) > 0:
		return wrapped{one, inner[0]}
	case f.Errno != 0:
		return errno(one)
	}
	for i, k := range known() {
		if f.Is == 1<<i && f.Text == k.Error() {
			return k
		}
	}
	return one
}

// recorded is an error that wraps nothing.
type recorded struct {
	text  string
	is    uint64
	errno int
}

func (e recorded) Error() string { return e.text }

// LinuxErrno is the number of the system call's error, 0 when it is none.
func (e recorded) LinuxErrno() int { return e.errno }

func (e recorded) Is(target error) bool {
	for i, k := range known() {
		if target == k {
			return e.is&(1<<i) != 0
		}
	}
	n, ok := target.(syscall.Errno)
	return ok && e.errno != 0 && number(n) == e.errno
}

type wrapped struct {
	recorded
	inner error
}

func (e wrapped) Unwrap() error { return e.inner }

type joined struct {
	recorded
	inner []error
}

func (e joined) Unwrap() []error { return e.inner }
