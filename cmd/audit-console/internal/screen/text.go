package screen

import (
	"fmt"
	"strings"
	"time"

	"example.com/bee/cmd/internal/render"
)

// cut is [render.Cut].
func cut(s string, n int) string { return render.Cut(s, n) }

// wrap is [render.Wrap], of at least one line.
func wrap(s string, n int) []string {
	lines := render.Wrap(s, max(n, 1))
	if lines == nil {
		lines = []string{""}
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
