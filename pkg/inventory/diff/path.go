package diff

import (
	"strconv"
	"strings"
)

// path is a place in a report without the positions in lists: its elements are
// keys, and "[]" for any entry of a list.
type path []string

// anyEntry stands for the entries of a list.
const anyEntry = "[]"

func (p path) with(key string) path {
	return append(p[:len(p):len(p)], key)
}

// String writes "memory.modules[].size_bytes".
func (p path) String() string {
	var b strings.Builder
	for _, k := range p {
		switch {
		case k == anyEntry:
			b.WriteString(k)
		case strings.ContainsAny(k, `.[]"`) || k == "":
			b.WriteString("[" + strconv.Quote(k) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(k)
		}
	}
	return b.String()
}

// splitPattern is the inverse of String for the patterns of the tables.
func splitPattern(s string) path {
	return strings.Split(strings.ReplaceAll(s, anyEntry, "."+anyEntry), ".")
}

// covers is true when pattern names p or something above it. "*" stands for
// any one key, "**" at the beginning for any number of them.
func (p path) coveredBy(pattern path) bool {
	if len(pattern) > 0 && pattern[0] == "**" {
		for i := range p {
			if p[i:].coveredBy(pattern[1:]) {
				return true
			}
		}
		return false
	}
	if len(p) < len(pattern) {
		return false
	}
	for i, k := range pattern {
		if k != p[i] && (k != "*" || p[i] == anyEntry) {
			return false
		}
	}
	return true
}
