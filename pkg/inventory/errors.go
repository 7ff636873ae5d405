package inventory

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"
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
	return s + e.text()
}

// text is the error without the part; one made without an error must not cost
// the report.
func (e *PartError) text() string {
	if e.Err == nil {
		return "no reason given"
	}
	return e.Err.Error()
}

func (e *PartError) Unwrap() error { return e.Err }

// around is e for one leaf of its error; what the leaf says itself stands.
func (e *PartError) around(leaf error) *PartError {
	p := PartError{ComponentID: e.ComponentID, Field: e.Field, Source: e.Source, Err: leaf}
	if inner, ok := leaf.(*PartError); ok { //nolint:errorlint // the leaf, not one it wraps
		p = PartError{cmp.Or(inner.ComponentID, p.ComponentID), cmp.Or(inner.Field, p.Field), cmp.Or(inner.Source, p.Source), inner.Err}
	}
	return &p
}

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
// cause becomes an issue of its own. What was wrapped around a join stands
// before each of its leaves.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		if !isJoin(err, j.Unwrap()) {
			return []error{err} // one error of several kinds: fmt.Errorf("%w: %w")
		}
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	inner := errors.Unwrap(err)
	leaves := flatten(inner)
	if len(leaves) < 2 {
		return []error{err}
	}
	before, ok := strings.CutSuffix(err.Error(), inner.Error())
	if !ok {
		return []error{err}
	}
	outer, isPart := err.(*PartError) //nolint:errorlint // this error, not one it wraps
	for i, e := range leaves {
		if isPart {
			leaves[i] = outer.around(e)
		} else {
			leaves[i] = &prefixed{before, e}
		}
	}
	return leaves
}

// isJoin tells errors.Join, whose text is that of its errors and no more.
func isJoin(err error, errs []error) bool {
	texts := make([]string, len(errs))
	for i, e := range errs {
		if e == nil {
			return false
		}
		texts[i] = e.Error()
	}
	return err.Error() == strings.Join(texts, "\n")
}

// prefixed is one leaf of a join with what was wrapped around the join.
type prefixed struct {
	before string
	err    error
}

func (e *prefixed) Error() string { return e.before + e.err.Error() }

func (e *prefixed) Unwrap() error { return e.err }

func issueFrom(collector string, err error) Issue {
	is := Issue{Collector: collector, Kind: KindOf(err), Detail: err.Error()}
	var pe *PartError
	if errors.As(err, &pe) {
		is.ComponentID, is.Field, is.Source = pe.ComponentID, pe.Field, pe.Source
		is.Detail = pe.text()
	}
	return is
}
