package policy

import "strings"

// compareVersions orders versions by their numbers: 2.10 is above 2.9, 1.01 is
// 1.1, 2.4.0 is 2.4. Versions that begin with other letters are of another
// series (drives of one model carry GXA7401Q and EDA7602Q); nobody can tell
// which is newer.
func compareVersions(a, b string) (int, bool) {
	a, b = tidy(a), tidy(b)
	if x, ok := strings.CutPrefix(a, "0x"); ok { // microcode
		if y, ok := strings.CutPrefix(b, "0x"); ok {
			return compareHex(x, y), true
		}
	}
	if letters(a) != letters(b) {
		return 0, false
	}
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da > 0 && db > 0 {
			x, y := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
			if len(x) != len(y) {
				return sign(len(x) - len(y)), true
			}
			if c := strings.Compare(x, y); c != 0 {
				return c, true
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			return sign(int(a[0]) - int(b[0])), true
		}
		a, b = a[1:], b[1:]
	}
	return sign(len(a) - len(b)), true
}

func compareHex(x, y string) int {
	x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
	if len(x) != len(y) {
		return sign(len(x) - len(y))
	}
	return strings.Compare(x, y)
}

// tidy leaves out what does not change a version.
func tidy(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 1 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9' {
		s = s[1:]
	}
	for strings.HasSuffix(s, ".0") {
		s = s[:len(s)-2]
	}
	return s
}

func letters(s string) string {
	n := 0
	for n < len(s) && s[n] >= 'a' && s[n] <= 'z' {
		n++
	}
	return s[:n]
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
