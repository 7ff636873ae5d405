package smbios

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// headerSize is the size of the header every structure begins with: type,
// length of the formatted area with header, handle (DSP0134 section 6.1.2).
const headerSize = 4

// A span is where one structure lies in the table.
type span struct {
	start   int // of the header
	strings int // end of the formatted area: where the strings begin
	end     int // past the two zero bytes that end the structure
	cut     bool
}

// walk is what a walk over all bytes of a table found.
type walk struct {
	spans []span
	// firstEnd is the index of the first end-of-table structure, or -1.
	firstEnd int
	// stop is where the walk could not go on, and why; "" when all bytes or
	// all announced structures are used up.
	stop    int
	problem string
}

// splitTable finds the structures of a table. What the entry point announces
// decides only where the table itself leaves it open: some firmware counts
// wrongly, some puts garbage after the last structure, some puts structures
// after the end-of-table structure.
func splitTable(table []byte, e entryPoint, problems *Problems) []span {
	w := walkTable(table, e)
	spans := w.spans
	if w.firstEnd < 0 {
		// Nothing but the entry point tells table from garbage.
		spans = announced(spans, e)
		done := complete(spans, e)
		if w.problem != "" && len(spans) == len(w.spans) && !done {
			problems.table(w.stop, true, "%s", w.problem)
		} else if e.version.AtLeast(2, 2) {
			problems.table(-1, !done, "no end-of-table structure")
		}
	}
	checkAnnounced(table, spans, e, problems)
	for _, s := range spans {
		if s.cut {
			problems.structure(table[s.start:], s.start, "cut off in its strings")
		}
	}
	return spans
}

// walkTable goes from structure to structure until the end-of-table
// structure, further only for as long as the entry point announces more.
func walkTable(table []byte, e entryPoint) walk {
	w := walk{firstEnd: -1}
	for pos := 0; pos < len(table); {
		if w.firstEnd >= 0 && (len(w.spans) >= e.count || e.length >= 0 && pos >= e.length) {
			return w
		}
		s, problem := spanAt(table, pos)
		if problem != "" {
			w.stop, w.problem = pos, problem
			return w
		}
		if table[pos] == typeEndOfTable && w.firstEnd < 0 {
			w.firstEnd = len(w.spans)
		}
		w.spans = append(w.spans, s)
		pos = s.end
	}
	return w
}

// spanAt measures the structure at pos.
func spanAt(table []byte, pos int) (s span, problem string) {
	rest := table[pos:]
	if len(rest) < headerSize {
		return span{}, fmt.Sprintf("%d bytes left over, too few for a structure", len(rest))
	}
	n := int(rest[1])
	if n < headerSize {
		// The length is all that leads to the next structure.
		return span{}, fmt.Sprintf("%s has length %d: cannot go on", nameOf(rest), n)
	}
	if n > len(rest) {
		return span{}, fmt.Sprintf("%s is cut off: %d of %d bytes", nameOf(rest), len(rest), n)
	}
	i := bytes.Index(rest[n:], []byte{0, 0})
	if i < 0 {
		return span{start: pos, strings: pos + n, end: len(table), cut: true}, ""
	}
	return span{start: pos, strings: pos + n, end: pos + n + i + 2}, ""
}

// announced keeps the structures that lie within what the entry point
// announces.
func announced(spans []span, e entryPoint) []span {
	if e.count >= 0 && len(spans) > e.count {
		spans = spans[:e.count]
	}
	for e.length >= 0 && len(spans) > 0 && spans[len(spans)-1].end > e.length {
		spans = spans[:len(spans)-1]
	}
	return spans
}

// complete says whether spans are all the entry point announces.
func complete(spans []span, e entryPoint) bool {
	return e.count >= 0 && len(spans) >= e.count ||
		e.length >= 0 && !e.lengthIsMaximum && len(spans) > 0 && spans[len(spans)-1].end >= e.length
}

// checkAnnounced names where an entry point and its table differ.
func checkAnnounced(table []byte, spans []span, e entryPoint, problems *Problems) {
	used := 0
	if len(spans) > 0 {
		used = spans[len(spans)-1].end
	}
	if e.count >= 0 && e.count != len(spans) {
		problems.announced(e.count > len(spans), "announces %d structures, %d found", e.count, len(spans))
	}
	switch {
	case e.length < 0:
	case len(table) > e.length:
		problems.announced(false, "announces %d bytes of table, %d present", e.length, len(table))
	case e.lengthIsMaximum:
	case len(table) < e.length:
		problems.announced(len(spans) < e.count, "announces %d bytes of table, %d present", e.length, len(table))
	case used < e.length:
		problems.announced(len(spans) < e.count, "announces %d bytes of table, structures fill %d", e.length, used)
	}
}

// nameOf names the structure whose header b begins with.
func nameOf(b []byte) string {
	return fmt.Sprintf("type %d handle 0x%04x", b[0], binary.LittleEndian.Uint16(b[2:]))
}
