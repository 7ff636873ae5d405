package scrub

import (
	"bytes"
	"slices"
)

// replacer exchanges forms for others of the same length.
type replacer struct {
	byHead map[[4]byte][]form
	short  []form // of three bytes, in FRUs only
}

func newReplacer(all []form) *replacer {
	r := &replacer{byHead: map[[4]byte][]form{}}
	seen := map[string]bool{}
	for _, f := range all {
		if len(f.old) != len(f.new) || f.old == f.new || seen[f.old] {
			continue
		}
		seen[f.old] = true
		if len(f.old) < 4 {
			r.short = append(r.short, f)
			continue
		}
		k := [4]byte([]byte(f.old[:4]))
		r.byHead[k] = append(r.byHead[k], f)
	}
	for _, fs := range r.byHead { // the longest first
		slices.SortStableFunc(fs, func(a, b form) int { return len(b.old) - len(a.old) })
	}
	return r
}

// apply returns b with every form replaced; b itself stays as it is.
func (r *replacer) apply(b []byte, w where) []byte {
	out := b
	r.each(b, w, func(at int, f form) {
		if &out[0] == &b[0] {
			out = bytes.Clone(b)
		}
		copy(out[at:], f.new)
	})
	return out
}

// found is the first form that stands in b.
func (r *replacer) found(b []byte, w where) (old string, ok bool) {
	r.each(b, w, func(_ int, f form) {
		if !ok {
			old, ok = f.old, true
		}
	})
	return old, ok
}

func (r *replacer) each(b []byte, w where, do func(at int, f form)) {
	for i := 0; i+4 <= len(b); i++ {
		for _, f := range r.byHead[[4]byte(b[i:i+4])] {
			if f.at(b, i, w) {
				do(i, f)
				i += len(f.old) - 1
				break
			}
		}
	}
	for _, f := range r.short {
		for i := 0; i+len(f.old) <= len(b) && w&f.where != 0; i++ {
			if f.at(b, i, w) {
				do(i, f)
			}
		}
	}
}

func (f form) at(b []byte, i int, w where) bool {
	end := i + len(f.old)
	if w&f.where == 0 || end > len(b) || string(b[i:end]) != f.old {
		return false
	}
	return !f.word || (i == 0 || !isAlnum(b[i-1])) && (end == len(b) || !isAlnum(b[end]))
}
