package export

import (
	"bytes"
	"strconv"
	"strings"

	"example.com/bee/pkg/inventory"
)

// CSV is one table of all components (RFC 4180, UTF-8, with a line of titles).
// No cell is a formula to a spreadsheet.
func CSV(r *inventory.Report) []byte {
	var b bytes.Buffer
	row(&b, "section", "kind", "id", "parent_id", "location", "address", "present", "manufacturer", "model", "part_number", "serial_number", "asset_tag", "version", "size_bytes", "health", "findings", "detail")
	worst := map[string]string{}
	for _, f := range r.Findings {
		worst[f.ComponentID] = words(worst[f.ComponentID], string(f.Severity)+":"+f.Code)
	}
	for _, x := range components(r) {
		c := x.cells
		size, present := "", ""
		if c.size != nil {
			size = strconv.FormatUint(*c.size, 10)
		}
		if c.present != nil {
			present = strconv.FormatBool(*c.present)
		}
		row(&b, x.Section, x.Kind, c.meta.ID, c.meta.ParentID, c.location, c.address, present, c.manufacturer, c.model, c.part, c.serial, c.asset, c.version, size, c.health, worst[c.meta.ID], c.detail)
	}
	return b.Bytes()
}

func row(b *bytes.Buffer, list ...string) {
	for i, s := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(cell(s))
	}
	b.WriteString("\r\n")
}

// cell quotes a value and takes from it what makes a formula: spreadsheets
// compute cells that begin with = + - @, also behind blanks, and some split
// lines at tabs and carriage returns wherever they stand.
func cell(s string) string {
	s = strings.TrimSpace(inline(s))
	if s != "" && strings.ContainsRune("=+-@|%＝＋－＠", firstRune(s)) {
		s = "'" + s
	}
	if !strings.ContainsAny(s, `",;`) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return 0
}
