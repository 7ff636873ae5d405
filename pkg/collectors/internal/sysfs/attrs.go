// Package sysfs reads attribute files of one directory into values, keeping
// apart what is absent, what could not be read and what makes no sense.
package sysfs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// Attrs are attributes of one directory, read together. Each accessor takes
// the attribute and the report's field it is for; an attribute that is not
// there gives no value and no error, one that cannot be read or parsed gives
// no value and an error that names component, field and path.
type Attrs struct {
	dir     string
	id      string
	results map[string]host.FileResult
	errs    []error
}

// Read reads the named attributes of dir for the component id.
func Read(ctx context.Context, h *host.Host, id, dir string, names ...string) *Attrs {
	a := &Attrs{dir: dir, id: id, results: make(map[string]host.FileResult, len(names))}
	for i, r := range h.ReadAttrs(ctx, dir, names...) {
		a.results[names[i]] = r
	}
	return a
}

// Put adds an attribute that was read in another way.
func (a *Attrs) Put(name string, r host.FileResult) { a.results[name] = r }

// Err joins what went wrong so far.
func (a *Attrs) Err() error { return errors.Join(a.errs...) }

// Fail records an error for a field.
func (a *Attrs) Fail(name, field string, err error) {
	a.errs = append(a.errs, &inventory.PartError{ComponentID: a.id, Field: field, Source: path.Join(a.dir, name), Err: Cause(err)})
}

// Cause takes the path off an error that will be reported with its path.
func Cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Bytes is the attribute as it is.
func (a *Attrs) Bytes(name, field string) []byte {
	r := a.results[name]
	if r.Err != nil {
		if !errors.Is(r.Err, fs.ErrNotExist) && !Silent(r.Err) {
			a.Fail(name, field, r.Err)
		}
		return nil
	}
	return r.Data
}

// Absent is true when the attribute is not there or has nothing to say.
func (a *Attrs) Absent(name string) bool {
	r := a.results[name]
	if r.Err != nil {
		return errors.Is(r.Err, fs.ErrNotExist) || Silent(r.Err)
	}
	return len(bytes.TrimSpace(r.Data)) == 0
}

// Text is the attribute without surrounding white space, made printable.
func (a *Attrs) Text(name, field string) string {
	return Clean(string(a.Bytes(name, field)))
}

// Uint is an unsigned number; base 0 takes a 0x prefix. Text that says
// nothing ("", "Unknown", "none") is absent.
func (a *Attrs) Uint(name, field string, base, bits int) *uint64 {
	s := a.Text(name, field)
	if s == "" || strings.EqualFold(s, "unknown") || strings.EqualFold(s, "none") {
		return nil
	}
	n, err := strconv.ParseUint(s, base, bits)
	if err != nil {
		a.Fail(name, field, malformed(s))
		return nil
	}
	return &n
}

// Int is a signed number.
func (a *Attrs) Int(name, field string) *int {
	s := a.Text(name, field)
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		a.Fail(name, field, malformed(s))
		return nil
	}
	return &n
}

// Hex is an id written as 0x8086: its digits in lower case, without prefix.
// It must have the given number of digits.
func (a *Attrs) Hex(name, field string, digits int) string {
	s := a.Text(name, field)
	if s == "" {
		return ""
	}
	h := strings.ToLower(strings.TrimPrefix(s, "0x"))
	if _, err := strconv.ParseUint(h, 16, 64); err != nil || len(h) != digits {
		a.Fail(name, field, malformed(s))
		return ""
	}
	return h
}

func malformed(s string) error {
	const most = 64
	if len(s) > most {
		s = s[:most] + "..."
	}
	return fmt.Errorf("%q: %w", s, inventory.ErrMalformed)
}

// Unreadable is true for an error that is neither absence nor silence: what
// was asked for is there, and cannot be read.
func Unreadable(err error) bool {
	return err != nil && !errors.Is(err, fs.ErrNotExist) && !NotLink(err) && !Silent(err)
}
