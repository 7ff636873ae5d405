package screen

import (
	"fmt"
	"strings"
	"time"
)

// cut shortens ASCII text to n characters and shows that it did.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if n < 3 {
		return s[:max(n, 0)]
	}
	return s[:n-2] + ".."
}

// wrap breaks ASCII text at blanks into lines of at most n characters.
func wrap(s string, n int) []string {
	n = max(n, 1)
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		for len(word) > n {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, word[:n]), word[n:]
		}
		switch {
		case word == "":
		case line == "":
			line = word
		case len(line)+1+len(word) <= n:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" || lines == nil {
		lines = append(lines, line)
	}
	return lines
}

// wrapIndent keeps the blanks a line begins with, on all its lines.
func wrapIndent(s string, n int) []string {
	indent := s[:len(s)-len(strings.TrimLeft(s, " "))]
	if len(s) <= n || len(indent) > n/2 {
		return []string{cut(s, n)}
	}
	lines := wrap(s, n-len(indent))
	for i := range lines {
		lines[i] = indent + lines[i]
	}
	return lines
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// duration in words: 2.7 s, 35 s, 4 min, 3 h, 12 days.
func duration(d time.Duration) string {
	switch {
	case d < 10*time.Second && d%time.Second != 0:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// words joins those that are not empty.
func words(sep string, list ...string) string {
	kept := list[:0:0]
	for _, w := range list {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, sep)
}
