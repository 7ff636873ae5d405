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
		if err != nil {
			return screen.Text{}, err
		}
		return paged(fields(string(doc)), func(l, _ string) bool { return l[0] != ' ' }), nil
	}
	doc := render.Table(r, render.Options{Width: width, All: true})
	// A section begins after an empty line.
	return paged(string(doc), func(l, before string) bool { return before == "" && l[0] != ' ' }), nil
}

// fields takes from indented JSON what a person need not read: brackets,
// commas, the quotes around names.
func fields(doc string) string {
	var b strings.Builder
	for l := range strings.Lines(doc) {
		text := strings.TrimSuffix(strings.TrimSpace(l), ",")
		indent := l[min(2, len(l)):max(min(2, len(l)), len(l)-len(strings.TrimLeft(l, " ")))]
		switch text {
		case "{":
			text = "-"
			if indent == "" && b.Len() == 0 { // of the report itself
				continue
			}
		case "}", "]", "":
			continue
		}
		if strings.HasPrefix(text, `"`) {
			name, value, found := strings.Cut(text[1:], `": `)
			if found {
				text = name + ": " + value
			}
		}
		if n := len(text); strings.HasSuffix(text, ": {") || strings.HasSuffix(text, ": [") {
			text = text[:n-2]
		}
		b.WriteString(indent + text + "\n")
	}
	return b.String()
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
