package policy

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

// Condition is what one field of a part should be. Exactly what is given
// counts; several must all hold.
type Condition struct {
	// Field is the JSON path below the part: pcie_link.current_width.
	Field string
	// OneOf are the values it may have. With Pattern, * in a text stands for
	// any characters and ? for one.
	OneOf   []string
	Pattern bool
	// AtLeast and AtMost bound numbers, and versions by their numbers.
	AtLeast, AtMost *string
	// Said asks whether there is a value at all.
	Said *bool

	kind kind
}

// hold judges a value; v is nil when the part does not say it. why is given
// for what cannot be told.
func (c *Condition) hold(v any) (s Status, why string) {
	if c.Said != nil {
		if *c.Said != (v != nil) {
			return Fail, ""
		}
		if v == nil {
			return Pass, ""
		}
	}
	if len(c.OneOf) == 0 && c.AtLeast == nil && c.AtMost == nil {
		return Pass, ""
	}
	if v == nil {
		return Unknown, "not said"
	}
	s = Pass
	if len(c.OneOf) > 0 && !c.oneOf(v) {
		return Fail, ""
	}
	for _, bound := range []struct {
		limit *string
		sign  int
	}{{c.AtLeast, -1}, {c.AtMost, 1}} {
		if bound.limit == nil {
			continue
		}
		order, ok := c.compare(v, *bound.limit)
		switch {
		case !ok:
			s, why = worse(s, Unknown), "not comparable"
		case order == bound.sign:
			return Fail, ""
		}
	}
	return s, why
}

func (c *Condition) oneOf(v any) bool {
	for _, want := range c.OneOf {
		switch v := v.(type) {
		case bool:
			if want == fmt.Sprint(v) {
				return true
			}
		default:
			s := plain(v)
			if c.kind == kindNumber {
				a, okA := number(s)
				b, okB := number(want)
				if okA && okB && a.Cmp(b) == 0 {
					return true
				}
				continue
			}
			if s == want || c.Pattern && glob(want, s) {
				return true
			}
		}
	}
	return false
}

// compare is negative when v is below limit; false when nobody can tell.
func (c *Condition) compare(v any, limit string) (int, bool) {
	s := plain(v)
	if c.kind == kindText {
		return compareVersions(s, limit)
	}
	a, okA := number(s)
	b, okB := number(limit)
	if !okA || !okB {
		return 0, false
	}
	return a.Cmp(b), true
}

// plain is a value's text without quotes.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// number reads a number of the model or of a policy. The length is bounded
// because the value of a short text can be very long.
func number(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 40 {
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 5 {
		return nil, false
	}
	if strings.ContainsAny(s, "/_xXpP") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// glob matches * and ?.
func glob(pattern, s string) bool {
	p, rest := []rune(pattern), []rune(s)
	i, j, star, mark := 0, 0, -1, 0
	for j < len(rest) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == rest[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// String is the condition in words.
func (c *Condition) String() string {
	var all []string
	if c.Said != nil {
		if *c.Said {
			all = append(all, "said")
		} else {
			all = append(all, "not said")
		}
	}
	if len(c.OneOf) > 0 {
		var values []string
		for _, v := range c.OneOf {
			values = append(values, c.show(v))
		}
		all = append(all, strings.Join(values, " or "))
	}
	if c.AtLeast != nil {
		all = append(all, "at least "+c.show(*c.AtLeast))
	}
	if c.AtMost != nil {
		all = append(all, "at most "+c.show(*c.AtMost))
	}
	return c.Field + " " + strings.Join(all, ", ")
}

// show is a value as people write it.
func (c *Condition) show(s string) string {
	if isSize(c.Field) {
		return sizeText(s)
	}
	return clip(s)
}

// clip keeps an endless string from hiding the rest.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return s
}
