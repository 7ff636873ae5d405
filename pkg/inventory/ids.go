package inventory

import (
	"fmt"
	"strings"
)

// IDs hands out component ids and keeps them apart: when two components would
// share one, the second gets "#2" and so on, in the order of asking. The zero
// value is ready; it is for one goroutine.
type IDs struct{ seen map[string]int }

// Unique returns id, or id#n when it was given out before.
func (s *IDs) Unique(id string) string {
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	s.seen[id]++
	unique := id
	for n := s.seen[id]; n > 1; n++ {
		unique = fmt.Sprintf("%s#%d", id, n)
		if s.seen[unique] == 0 {
			s.seen[unique]++
			break
		}
	}
	return unique
}

// IDOf joins a kind and what tells one from another into a component id,
// leaving out empty words.
func IDOf(kind string, words ...string) string {
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kind + ":" + strings.Join(kept, "/")
}

// collision returns the id shared with another component and whether id is a
// collision's.
func collision(id string) (string, bool) {
	base, n, ok := cutLast(id, "#")
	return base, ok && n != "" && digits(n) == len(n)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
