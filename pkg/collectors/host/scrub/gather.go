package scrub

import (
	"bytes"
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/bee/pkg/collectors/host/archive"
)

// gatherer collects the values to replace.
type gatherer struct {
	ids, texts []value // ids first: a serial number may be an address
	seen       map[string]bool
	left       int // values too plain to be replaced
	spare      map[string]bool
	patterns   []*regexp.Regexp
}

func newGatherer() *gatherer {
	return &gatherer{
		seen: map[string]bool{}, spare: map[string]bool{},
		patterns: []*regexp.Regexp{
			regexp.MustCompile(`(?i)\b(?:[0-9a-f]{2}[:-]){5}(?:[0-9a-f]{2}[:-]){0,14}[0-9a-f]{2}\b`),
			regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`),
			regexp.MustCompile(`(?i)\b(?:naa\.|eui\.|wwn-0x|wwn-|nvme-eui\.)[0-9a-f]{16}(?:[0-9a-f]{16})?\b`),
			regexp.MustCompile(`(?i)\benx([0-9a-f]{12})\b`),
			regexp.MustCompile(`(?i)\b[56][0-9a-f]{15}(?:[0-9a-f]{16})?\b`), // in reports only
		},
	}
}

func (g *gatherer) add(v value, ok bool) {
	switch {
	case !ok:
		return
	case g.seen[v.key()], v.id != nil && g.spare[string(v.id)], v.text != "" && g.spare[v.text]:
		return
	}
	g.seen[v.key()] = true
	if v.id != nil {
		g.ids = append(g.ids, v)
		return
	}
	g.texts = append(g.texts, v)
}

// report takes the values of a report: what its fields are called says what they
// are.
func (g *gatherer) report(doc []byte) error {
	var tree any
	if err := json.Unmarshal(doc, &tree); err != nil {
		return err
	}
	g.spareCommon(doc)
	g.walk(tree, "", "")
	return nil
}

// spareCommon notes the keys that the report itself calls useless: many machines
// have them, and what makes them so must stay.
func (g *gatherer) spareCommon(doc []byte) {
	var r struct {
		Host struct {
			Identity map[string]struct {
				Value  string `json:"value"`
				Usable bool   `json:"usable"`
			} `json:"identity"`
		} `json:"host"`
	}
	if json.Unmarshal(doc, &r) != nil {
		return
	}
	for _, k := range r.Host.Identity {
		if k.Usable || k.Value == "" {
			continue
		}
		g.spare[k.Value] = true
		if v, ok := idValue(k.Value); ok {
			g.spare[string(v.id)] = true
		}
	}
}

func (g *gatherer) walk(v any, key, parent string) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			g.walk(e, k, key)
		}
	case []any:
		for _, e := range v {
			g.walk(e, key, parent)
		}
	case string:
		if key == "value" && strings.Contains(parent, "_") { // of host.identity
			key = parent
		}
		g.field(key, parent, v)
	}
}

// field takes one value of the report.
func (g *gatherer) field(key, parent, s string) {
	if s == "" {
		return
	}
	switch {
	case strings.Contains(key, "serial"), strings.Contains(key, "asset_tag"), key == "service_tag":
		g.unique(s)
	case key == "hostname", key == "system_name", key == "fqdn":
		g.add(hostValue(s))
		if first, rest, dotted := strings.Cut(s, "."); dotted && !isNumber(rest) {
			g.add(hostValue(first))
		}
	case key == "machine_id", key == "boot_id", strings.HasSuffix(key, "uuid"), strings.HasSuffix(key, "guid"),
		key == "mac", strings.HasSuffix(key, "_mac"), key == "wwn", key == "wwid", key == "eui64", strings.HasSuffix(key, "sas_address"):
		if v, ok := idValue(s); ok {
			g.add(v, true)
		} else {
			g.sweep([]byte(s), len(g.patterns))
		}
	case key == "chassis_id", key == "port_id":
		if v, ok := idValue(s); ok {
			g.add(v, true)
		} else if key == "chassis_id" {
			g.unique(s)
		}
	case key == "ip", key == "gateway", strings.HasSuffix(key, "ip_address"), key == "management_addresses", key == "addresses":
		g.add(ipValue(s))
		g.sweep([]byte(s), len(g.patterns))
	case parent == "custom": // of a FRU
		if digits := strings.Count(strings.Map(digit, s), "0"); digits >= 4 {
			g.unique(s)
		}
		g.sweep([]byte(s), len(g.patterns))
	case key != "detail" && key != "message":
		g.sweep([]byte(s), len(g.patterns))
	}
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return -1
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789.") == "" }

// unique takes a serial number.
func (g *gatherer) unique(s string) {
	if v, ok := idValue(s); ok && hexLooks(s) {
		v.text = s
		g.add(v, true)
		return
	}
	v, ok := textValue(s)
	if !ok {
		g.left++
	}
	g.add(v, ok)
}

// hexLooks is true for a serial number that may be stored as the number of eight
// or 16 bytes that it shows.
func hexLooks(s string) bool {
	n := len(strings.NewReplacer(":", "", "-", "").Replace(s))
	return n == 16 || n == 32
}

// sweep takes what looks like an address by one of the first n patterns.
func (g *gatherer) sweep(b []byte, n int) {
	for _, p := range g.patterns[:n] {
		for _, m := range p.FindAllSubmatch(b, -1) {
			g.add(idValue(string(m[len(m)-1])))
		}
	}
}

// spareNames notes what is part of the names of files everywhere: identifiers of
// specifications.
func (g *gatherer) spareNames(frames []archive.Frame) {
	for _, f := range frames {
		if b, ok := f.(*archive.Begin); ok && strings.HasPrefix(b.Call.Name, "/sys/firmware/efi") {
			for _, m := range g.patterns[1].FindAll([]byte(b.Call.Name), -1) {
				if v, ok := idValue(string(m)); ok {
					g.spare[string(v.id)] = true
				}
			}
		}
	}
}

// frames sweeps what was read from files, and their names.
func (g *gatherer) frames(frames []archive.Frame) {
	const most = 4 << 20
	visit(frames, func(_ archive.Frame, w where, b []byte) []byte {
		if len(b) <= most && (w&(inPath|inText) != 0 || readable(b)) {
			g.sweep(b, len(g.patterns)-1)
		}
		return b
	})
	for _, x := range exchanges(frames) {
		if named(path.Base(x.call.Name)) && x.call.Op == archive.OpRead {
			g.add(idValue(string(x.end.Answer.Data)))
		}
	}
}

// named is true for files that hold an address and nothing else.
func named(file string) bool {
	switch file {
	case "address", "perm_addr", "sas_address", "port_name", "node_name", "wwid", "wwn", "nguid", "eui", "uuid",
		"node_guid", "sys_image_guid", "guid", "unique_id", "machine-id", "boot_id", "product_uuid", "phys_switch_id", "phys_port_id":
		return true
	}
	return false
}

// readable is true for text.
func readable(b []byte) bool {
	b = b[:min(len(b), 4096)]
	return utf8.Valid(b[:max(0, len(b)-utf8.UTFMax)]) && bytes.IndexByte(b, 0) < 0
}

// values are all there are, the shortest addresses first, of which longer ones
// are made, then the longest texts.
func (g *gatherer) values() []value {
	slices.SortFunc(g.ids, func(a, b value) int {
		return cmp.Or(len(a.id)-len(b.id), bytes.Compare(a.id, b.id))
	})
	slices.SortFunc(g.texts, func(a, b value) int {
		return cmp.Or(len(b.text)-len(a.text), strings.Compare(a.text, b.text))
	})
	return slices.Concat(g.ids, g.texts)
}
