package smbios

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// maxProblems bounds how many problems are kept: a table of garbage holds
// thousands, and the first few say it all.
const maxProblems = 32

// A Problem is one thing that is wrong with a table. errors.Is finds
// inventory.ErrMalformed in it.
type Problem struct {
	// Part is what it is about: "entry point", "table", or a structure such
	// as "type 17 handle 0x1100".
	Part string
	// Type is the type of that structure; -1: not about a structure.
	Type int
	// Offset is where in the table it is; -1: no single place.
	Offset int
	// Incomplete says that whole structures, of any type, may be missing.
	Incomplete bool
	// Detail says what is wrong.
	Detail string
}

func (p *Problem) Error() string {
	if p.Offset < 0 {
		return "smbios: " + p.Part + ": " + p.Detail
	}
	return fmt.Sprintf("smbios: %s at offset %d: %s", p.Part, p.Offset, p.Detail)
}

// Concerns says whether the problem touches a structure of one of the types,
// or may have cost structures of any type.
func (p *Problem) Concerns(types ...uint8) bool {
	for _, t := range types {
		if p.Type == int(t) {
			return true
		}
	}
	return p.Incomplete
}

// Unwrap gives inventory.ErrMalformed.
func (p *Problem) Unwrap() error { return inventory.ErrMalformed }

// Problems is the error of [Decode]: everything that is wrong with a table,
// in the order it was met. At most 32 are kept; Omitted counts the others.
type Problems struct {
	List    []*Problem
	Omitted int
}

func (p *Problems) Error() string {
	var b strings.Builder
	for i, e := range p.List {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(e.Error())
	}
	if p.Omitted > 0 {
		fmt.Fprintf(&b, "; and %d more", p.Omitted)
	}
	return b.String()
}

// Unwrap gives each [Problem].
func (p *Problems) Unwrap() []error {
	errs := make([]error, len(p.List))
	for i, e := range p.List {
		errs[i] = e
	}
	return errs
}

// entry adds a problem of the entry point.
func (p *Problems) entry(format string, args ...any) {
	p.add(&Problem{Part: "entry point", Type: -1, Offset: -1}, format, args)
}

// announced adds a difference between the entry point and its table.
func (p *Problems) announced(incomplete bool, format string, args ...any) {
	p.add(&Problem{Part: "entry point", Type: -1, Offset: -1, Incomplete: incomplete}, format, args)
}

// table adds a problem of the table as a whole.
func (p *Problems) table(offset int, incomplete bool, format string, args ...any) {
	p.add(&Problem{Part: "table", Type: -1, Offset: offset, Incomplete: incomplete}, format, args)
}

// structure adds a problem of the structure whose header b begins with.
func (p *Problems) structure(b []byte, offset int, format string, args ...any) {
	p.add(&Problem{Part: nameOf(b), Type: int(b[0]), Offset: offset}, format, args)
}

func (p *Problems) add(e *Problem, format string, args []any) {
	if len(p.List) == maxProblems {
		p.Omitted++
		return
	}
	e.Detail = fmt.Sprintf(format, args...)
	p.List = append(p.List, e)
}

// err is nil when nothing is wrong: a typed nil must not become an error.
func (p *Problems) err() error {
	if len(p.List) == 0 {
		return nil
	}
	return p
}
