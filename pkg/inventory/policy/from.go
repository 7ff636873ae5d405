package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

// An Option changes what From writes.
type Option func(*writer)

// WithSerials makes the bill of materials that of this very machine: each part
// by its serial number.
func WithSerials() Option { return func(w *writer) { w.serials = true } }

// From writes the policy of a good machine. The report passes it. What the
// report cannot say for sure is not expected, and a comment tells so.
func From(r *inventory.Report, opts ...Option) ([]byte, error) {
	w := &writer{r: r}
	for _, o := range opts {
		o(w)
	}
	empty := &Policy{}
	if _, err := empty.Check(r); err != nil { // it has a JSON form
		return nil, err
	}
	bare := *r
	bare.Extensions = nil
	data, err := json.Marshal(&bare)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	w.c = newChecker(r)
	if err := d.Decode(&w.c.root); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	w.head()
	w.rules()
	if w.empty {
		return nil, fmt.Errorf("the report has nothing to expect: no collector ended ok")
	}
	return w.b.Bytes(), nil
}

// writer writes a policy rule by rule and leaves out those the report itself
// does not pass.
type writer struct {
	r       *inventory.Report
	c       *checker
	b       bytes.Buffer
	serials bool
	empty   bool
	written int
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

func (w *writer) head() {
	w.line("# What this machine was on %s. Lines may be loosened by hand:", w.r.StartedAt.UTC().Format("2006-01-02"))
	w.line("# * and ? in texts, lists of values, at_least and at_most. See docs/policy.md.")
	w.line("version: 1")
	if b := w.r.Board; b != nil && b.System != nil && b.System.ProductName != "" {
		w.line("name: %s", quote(b.System.ProductName))
	}
	var ok, not []string
	for _, o := range w.r.Collectors {
		if o.Status == inventory.StatusOK {
			ok = append(ok, quoteWord(o.Name))
		} else {
			not = append(not, fmt.Sprintf("%s was %s", quoteWord(o.Name), quoteWord(string(o.Status))))
		}
	}
	w.empty = len(ok) == 0 && len(not) == len(w.r.Collectors)
	for _, n := range not {
		w.line("# not expected: collector %s", n)
	}
	if len(ok) > 0 {
		w.line("collectors: [%s]", strings.Join(ok, ", "))
	}
	w.health()
}

// health forbids what is not there today.
func (w *writer) health() {
	codes := map[string]bool{}
	for _, f := range w.r.Findings {
		if (f.Severity == inventory.SeverityCritical || f.Severity == inventory.SeverityWarning) && f.Code != "" {
			codes[f.Code] = true
		}
	}
	h := &HealthRule{No: []string{"critical", "warning"}, Except: slices.Sorted(maps.Keys(codes))}
	if res := w.c.health(h); res.Status != Pass {
		w.line("# not expected: health, because %s", quote(res.Found))
		return
	}
	w.empty = false
	w.line("health:")
	w.line("  no: [critical, warning]")
	if len(codes) > 0 {
		var all []string
		for _, c := range h.Except {
			all = append(all, quote(c))
		}
		w.line("  # found today; take out what is not good enough")
		w.line("  except: [%s]", strings.Join(all, ", "))
	}
}

func (w *writer) rules() {
	head := w.b
	w.b = bytes.Buffer{}
	w.single("system", "board.system", false, "manufacturer", "product_name")
	if w.serials {
		w.single("this very system", "board.system", false, "serial_number", "uuid")
		w.single("this very baseboard", "board.baseboards", false, "serial_number")
	}
	w.single("system firmware", "board.bios", true, "version")
	w.single("BMC firmware", "bmc", true, "firmware")
	w.single("memory", "memory", true, "size_bytes")
	for _, b := range bills() {
		w.bill(b)
	}
	w.links()
	rules := w.b
	w.b = head
	if w.written > 0 {
		w.empty = false
		w.line("rules:")
	}
	w.b.Write(rules.Bytes())
}

// single expects the values of an object.
func (w *writer) single(name, parts string, atLeast bool, fields ...string) {
	all := w.c.parts(parts)
	if len(all) != 1 {
		return
	}
	r := Rule{Name: name, Parts: parts}
	for _, f := range fields {
		v := value(all[0].obj, f)
		if plain(v) == "" {
			continue
		}
		k := w.condition(parts, f, v)
		if atLeast {
			k.AtLeast, k.OneOf = &k.OneOf[0], nil
		}
		r.Each = append(r.Each, k)
	}
	if len(r.Each) > 0 {
		w.write(&r)
	}
}

// condition is a field with exactly this value.
func (w *writer) condition(parts, field string, v any) Condition {
	c := Condition{Field: field, OneOf: []string{plain(v)}}
	if t, err := partsType(parts); err == nil {
		if k, err := fieldKind(t, field); err == nil {
			c.kind = k
		}
	}
	return c
}

// links expects every link to keep its width, and its speed where idling does
// not lower it.
func (w *writer) links() {
	var ends, steady []candidate
	for _, p := range w.c.parts("pcie_devices") {
		class := plain(value(p.obj, "class_id"))
		if strings.HasPrefix(class, "06") { // a bridge's link ends at what is plugged in
			continue
		}
		if width := plain(value(p.obj, "pcie_link.current_width")); width == "" || width == "0" {
			continue
		}
		ends = append(ends, p)
		if !strings.HasPrefix(class, "03") && !strings.HasPrefix(class, "12") {
			steady = append(steady, p)
		}
	}
	model := []string{"vendor_id", "device_id"}
	w.least("link width", "pcie_devices", model, ends, "pcie_link.current_width")
	w.least("link speed", "pcie_devices", model, steady, "pcie_link.current_speed_gts")
}

// write writes a rule the report passes, else a comment.
func (w *writer) write(r *Rule) {
	if res := w.c.rule(r); res.Status != Pass {
		w.line("  # not expected: %s, because of %s", quote(r.Name), quote(res.Found))
		return
	}
	w.written++
	w.line("  - name: %s", quote(r.Name))
	w.line("    parts: %s", r.Parts)
	if len(r.Where) > 0 {
		w.line("    where: %s", flow(r.Where))
	}
	if len(r.Each) > 0 {
		w.line("    each: %s", flow(r.Each))
	}
	switch {
	case r.Exactly == nil:
	case len(r.Exactly) == 0:
		w.line("    exactly: []")
	default:
		w.line("    exactly:")
		for i := range r.Exactly {
			l := &r.Exactly[i]
			w.line("      - {count: %d%s}", l.Count, strings.TrimSuffix(", "+inner(l.Fields), ", "))
		}
	}
}

func flow(all []Condition) string { return "{" + inner(all) + "}" }

// inner is conditions as a policy writes them.
func inner(all []Condition) string {
	var words []string
	for i := range all {
		c := &all[i]
		switch {
		case c.Said != nil:
			words = append(words, fmt.Sprintf("%s: {said: %v}", c.Field, *c.Said))
		case c.AtLeast != nil:
			words = append(words, fmt.Sprintf("%s: {at_least: %s}", c.Field, c.yaml(*c.AtLeast)))
		case c.kind == kindText && strings.ContainsAny(c.OneOf[0], "*?"):
			words = append(words, fmt.Sprintf("%s: {is: %s}", c.Field, c.yaml(c.OneOf[0])))
		default:
			words = append(words, c.Field+": "+c.yaml(c.OneOf[0]))
		}
	}
	return strings.Join(words, ", ")
}

// yaml is one value.
func (c *Condition) yaml(s string) string {
	switch {
	case c.kind == kindText:
		return quote(s)
	case isSize(c.Field):
		return sizeText(s)
	}
	return s
}
