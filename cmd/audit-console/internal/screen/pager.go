package screen

import (
	"fmt"

	"example.com/bee/cmd/audit-console/internal/tty"
)

// Text is something to scroll through.
type Text struct {
	Lines []string
	// Sections are the lines that begin one.
	Sections []int
	// Width of the longest line.
	Width int
}

var (
	keysDetails = []string{"Esc back", "PgUp PgDn", "Tab next section", "v all fields", "Left Right", "Home End"}
	keysOutput  = []string{"Esc back", "PgUp PgDn", "Left Right"}
)

// pager shows a part of a long text.
func (c *canvas) pager(v View, keys []string) (most int) {
	const frame = 2
	room := max(c.height-frame, 1)
	lines := v.Text.Lines
	most = max(len(lines)-room, 0)
	from := min(max(v.Scroll, 0), most)
	where := ""
	if most > 0 {
		where = fmt.Sprintf("%d-%d of %d", from+1, min(from+room, len(lines)), len(lines))
	}
	c.bar(v.Title, where)
	for _, l := range lines[from:min(from+room, len(lines))] {
		r := []rune(l)
		r = r[min(v.Shift, len(r)):]
		if len(r) > c.width {
			r = append(r[:c.width-1:c.width-1], '>')
		}
		c.rows = append(c.rows, tty.Row{Text: string(r)})
	}
	c.fill(c.height - 1)
	c.keys(keys)
	return most
}
