package inventory

import (
	"context"
	"errors"
	"io/fs"
)

// Reasons for an [Issue] that the standard library has no error for. Test
// with errors.Is.
var (
	// ErrMalformed: the device answered, but not in the form its
	// specification demands.
	ErrMalformed = errors.New("malformed data")
	// ErrStuck: an earlier call to the same device has not come back from the
	// kernel; no further call was made.
	ErrStuck = errors.New("device is stuck in an earlier call")
	// ErrNotCollected: the collector was not run, or ended before it came to
	// this.
	ErrNotCollected = errors.New("not collected")
)

// A PartError says which part of the machine, and which field of it, could
// not be read. Collect turns each one into an [Issue].
type PartError struct {
	ComponentID string // "" when the error is of the collector as a whole
	Field       string // JSON name; "" when it is of the component as a whole
	Source      string // what was tried: a path, a command
	Err         error
}

func (e *PartError) Error() string {
	s := ""
	for _, p := range []string{e.ComponentID, e.Field, e.Source} {
		if p != "" {
			s += p + ": "
		}
	}
	return s + e.Err.Error()
}

func (e *PartError) Unwrap() error { return e.Err }

// IssueKind says why something is missing from the report.
type IssueKind string

// The kinds of issue.
const (
	KindDenied       IssueKind = "denied"        // no permission
	KindTimeout      IssueKind = "timeout"       // no answer in time
	KindIO           IssueKind = "io"            // the kernel or the device reported an error
	KindMalformed    IssueKind = "malformed"     // answered, but not decodable
	KindUnsupported  IssueKind = "unsupported"   // the device or kernel cannot do this
	KindNotCollected IssueKind = "not_collected" // not tried
	KindStuck        IssueKind = "stuck"         // an earlier call still hangs; not asked again
)

// KindOf classifies an error.
func KindOf(err error) IssueKind {
	switch {
	case errors.Is(err, ErrStuck):
		return KindStuck
	case errors.Is(err, context.DeadlineExceeded):
		return KindTimeout
	case errors.Is(err, fs.ErrPermission):
		return KindDenied
	case errors.Is(err, ErrNotCollected), errors.Is(err, context.Canceled):
		return KindNotCollected
	case errors.Is(err, ErrMalformed):
		return KindMalformed
	case errors.Is(err, errors.ErrUnsupported):
		return KindUnsupported
	default:
		return KindIO
	}
}

// An Issue is one thing that should have been readable and was not.
type Issue struct {
	// ComponentID is the component it is about; empty: the collector itself.
	ComponentID string `json:"component_id,omitzero"`
	// Field is the JSON name of what is missing; empty: the whole component.
	Field string `json:"field,omitzero"`
	// Kind says why.
	Kind IssueKind `json:"kind"`
	// Source is what was tried: a path below the root, a device and command.
	Source string `json:"source,omitzero"`
	// Detail is the error in words.
	Detail string `json:"detail"`
	// Collector is the collector that tried.
	Collector string `json:"collector,omitzero"`
}

// flatten lists the leaves of an error tree made by errors.Join, so that each
// cause becomes an issue of its own.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []error{err}
}

func issueFrom(collector string, err error) Issue {
	is := Issue{Collector: collector, Kind: KindOf(err), Detail: err.Error()}
	var pe *PartError
	if errors.As(err, &pe) {
		is.ComponentID, is.Field, is.Source = pe.ComponentID, pe.Field, pe.Source
		is.Detail = pe.Err.Error()
	}
	return is
}
