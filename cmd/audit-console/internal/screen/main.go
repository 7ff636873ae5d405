package screen

import (
	"slices"
	"strings"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/cmd/internal/render"
)

// block is a part of the main page: a word in the margin and lines beside it.
type block struct {
	label string
	lines []string
	bold  bool
	// item keeps a row of several columns whole: it is cut, not wrapped.
	item bool
}

// margin is where labels stand; narrow screens have none, and the label gets a
// line of its own.
const (
	margin = 10
	narrow = 60
)

func (c *canvas) main(s source.State, v View) (most int) {
	const (
		footer       = 2
		mostIdentity = 2
	)
	c.title(s)
	for i, l := range wrap(identity(s), c.width) {
		if i < mostIdentity && len(c.rows) < c.height-footer-1 {
			c.line(l, tty.Plain)
		}
	}
	body := max(c.height-len(c.rows)-footer, 1)

	groups := [][]tty.Row{
		c.lay(verdict(s)), nil, c.lay(c.audit(s)), c.lay(c.network(s)), c.lay(bmc(s)), nil, c.lay(services(s)...),
	}
	if !s.Stored {
		groups[5] = c.lay(login(s, v))
	}
	used := 0
	for _, g := range groups {
		used += len(g)
	}
	groups[1] = c.findings(s, body-used)
	groups = slices.DeleteFunc(groups, func(g []tty.Row) bool { return len(g) == 0 })
	rows := spread(groups, body)

	most = max(len(rows)-body, 0)
	from := min(max(v.Scroll, 0), most)
	c.rows = append(c.rows, rows[from:min(from+body, len(rows))]...)
	c.fill(c.height - footer)
	c.footer(s, v, from, most)
	return most
}

// spread puts empty rows between groups when there is room for all of them,
// else at least one below what is wrong.
func spread(groups [][]tty.Row, room int) []tty.Row {
	used := len(groups)
	for _, g := range groups {
		used += len(g)
	}
	var rows []tty.Row
	for i, g := range groups {
		if used <= room || i == 2 && used-len(groups) < room {
			rows = append(rows, tty.Row{})
		}
		rows = append(rows, g...)
	}
	return rows
}

// title is the first row of most pages.
func (c *canvas) title(s source.State) {
	name := s.HostName
	if name == "" {
		name = "bee"
	}
	now := instant(s.Now)
	if c.width < narrow {
		now = s.Now.UTC().Format("15:04") + " UTC"
	}
	up := ""
	if s.Uptime > 0 {
		up = "up " + duration(s.Uptime.Truncate(minuteIfLong(s.Uptime)))
	}
	c.bar(name, words("  ", now, up))
}

// identity is which machine this is, as it stands on its label.
func identity(s source.State) string {
	r := s.Report.Report
	if r == nil || r.Board == nil {
		if r == nil {
			return "serial number, model: " + pending(s, "once the audit has read them")
		}
		return "serial number, model: the firmware does not say"
	}
	b := r.Board
	var model, serial, asset string
	if b.System != nil {
		model = words(" ", render.Text(b.System.Manufacturer), render.Text(b.System.ProductName))
		serial = render.Text(b.System.SerialNumber)
	}
	if c := b.Chassis; c != nil {
		asset = render.Text(c.AssetTag)
		if serial == "" && c.SerialNumber != "" {
			serial = render.Text(c.SerialNumber) + " (chassis)"
		}
	}
	if p := b.Baseboard; p != nil {
		if model == "" {
			model = words(" ", render.Text(p.Manufacturer), render.Text(p.ProductName))
		}
		if serial == "" && p.SerialNumber != "" {
			serial = render.Text(p.SerialNumber) + " (board)"
		}
		if asset == "" {
			asset = render.Text(p.AssetTag)
		}
	}
	if model == "" {
		model = "model not known"
	}
	if serial == "" {
		serial = "not known"
	}
	if asset != "" {
		asset = ", asset " + asset
	}
	return model + ", serial " + serial + asset
}

// lay puts blocks into rows.
func (c *canvas) lay(blocks ...block) []tty.Row {
	var rows []tty.Row
	for _, b := range blocks {
		style := tty.Plain
		if b.bold {
			style = tty.Bold
		}
		indent := margin
		if c.width < narrow {
			indent = 1
			if b.label != "" {
				rows = append(rows, tty.Row{Text: b.label})
			}
			b.label = ""
		}
		for _, l := range b.lines {
			parts := []string{cut(l, c.width-indent)}
			if !b.item {
				parts = wrap(l, c.width-indent)
			}
			for _, p := range parts {
				rows = append(rows, tty.Row{Text: b.label + strings.Repeat(" ", max(indent-len(b.label), 0)) + p, Style: style})
				b.label = ""
			}
		}
	}
	return rows
}

func (c *canvas) footer(s source.State, v View, from, most int) {
	message := v.Message
	if message == "" && most > 0 {
		switch from {
		case 0:
			message = "more below: PgDn"
		case most:
			message = "more above: PgUp"
		default:
			message = "more: PgUp, PgDn"
		}
	}
	c.line(cut(message, c.width-1), tty.Bold)
	c.keys(mainKeys(s, v))
}

// keys is the last row: as many as there is room for.
func (c *canvas) keys(list []string) {
	line := ""
	for _, k := range list {
		if len(line)+len(k)+2 > c.width-2 {
			break
		}
		line = words("  ", line, k)
	}
	c.bar(line, "")
}

func mainKeys(s source.State, v View) []string {
	if s.Stored {
		list := []string{"? help", "d details", "q QR"}
		if v.Leave {
			list = append(list, "x leave")
		}
		return list
	}
	list := []string{"? help", "d details", "r rerun", "n DHCP", "q QR", "s save"}
	if !v.Leave { // eighty columns hold no more; the help lists all
		list = append(list, "i LED")
	}
	if s.Options.Shell {
		list = append(list, "h shell")
	}
	list = append(list, "p power")
	if v.Leave {
		list = append(list, "x leave")
	}
	return list
}
