package console

import (
	"strings"

	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// details is the report as text: tables, or all fields of all parts.
func details(r *inventory.Report, width int, all bool) (screen.Text, error) {
	if all {
		doc, err := render.JSON(r)
		if err == nil {
			doc, err = render.YAML(doc)
		}
		if err != nil {
			return screen.Text{}, err
		}
		return paged(string(doc), func(l, _ string) bool { return l[0] != ' ' && l[0] != '-' }), nil
	}
	doc := render.Table(r, render.Options{Width: width, All: true})
	// A section begins after an empty line.
	return paged(string(doc), func(l, before string) bool { return before == "" && l[0] != ' ' }), nil
}

// paged makes lines that are safe to show, and finds where sections begin.
func paged(doc string, begins func(line, before string) bool) screen.Text {
	var t screen.Text
	before := ""
	for l := range strings.Lines(doc) {
		l = strings.TrimRight(l, "\n")
		indent := len(l) - len(strings.TrimLeft(l, " "))
		l = l[:indent] + ascii(l[indent:])
		if l != "" && begins(l, before) {
			t.Sections = append(t.Sections, len(t.Lines))
		}
		t.Lines = append(t.Lines, l)
		t.Width = max(t.Width, len(l))
		before = l
	}
	return t
}

// ascii is [render.Text], but keeps the blanks between columns.
func ascii(s string) string {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return render.Text(s)
		}
	}
	return s
}
