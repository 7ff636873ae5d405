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
	w.c = &checker{report: r}
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

// bill is a list whose parts make a bill of materials.
type bill struct {
	name, parts string
	where       []Condition
	fields      []string
	// firmware are versions that must not fall, per model.
	firmware []string
	model    string
}

func bills() []bill {
	return []bill{
		{name: "processors", parts: "cpus", fields: []string{"model", "cores"}, firmware: []string{"microcode"}, model: "model"},
		{name: "memory modules", parts: "memory.modules", fields: []string{"manufacturer", "part_number", "size_bytes", "type"}},
		{name: "drives", parts: "storage", fields: []string{"protocol", "vendor", "model", "size_bytes"}, firmware: []string{"firmware"}, model: "model"},
		{name: "storage controllers", parts: "storage_controllers", fields: []string{"vendor", "model"}, firmware: []string{"firmware"}, model: "model"},
		{name: "logical drives", parts: "logical_drives", fields: []string{"level", "size_bytes", "state"}},
		{name: "GPUs", parts: "gpus", fields: []string{"name", "memory_bytes"}, firmware: []string{"vbios"}, model: "name"},
		{name: "network interfaces", parts: "network", fields: []string{"driver"}},
		{name: "power supplies", parts: "power_supplies", fields: []string{"manufacturer", "model", "capacity_watts"}},
		{
			name: "PCI functions", parts: "pcie_devices",
			where:  []Condition{{Field: "virtual_function_of", Said: new(false)}},
			fields: []string{"vendor_id", "device_id", "subsystem_vendor_id", "subsystem_device_id"},
		},
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

// bill expects exactly the parts of a list.
func (w *writer) bill(b bill) {
	r := Rule{Name: b.name, Parts: b.parts, Where: b.where, Exactly: []Line{}}
	if !w.c.said(b.parts) {
		return
	}
	fields := b.fields
	if w.serials {
		if _, err := fieldOf(b.parts, "serial_number"); err == nil {
			fields = append(fields[:len(fields):len(fields)], "serial_number")
		}
		if b.parts == "network" {
			fields = append(fields, "permanent_mac")
		}
	}
	chosen := w.c.choose(&r)
	at := map[string]int{}
	for _, p := range chosen {
		l := Line{Count: 1}
		for _, f := range fields {
			if v := value(p.obj, f); plain(v) != "" {
				l.Fields = append(l.Fields, w.condition(b.parts, f, v))
			}
		}
		if i, ok := at[l.String()]; ok {
			r.Exactly[i].Count++
			continue
		}
		at[l.String()] = len(r.Exactly)
		r.Exactly = append(r.Exactly, l)
	}
	slices.SortStableFunc(r.Exactly, func(x, y Line) int { // the most particular first
		if d := len(y.Fields) - len(x.Fields); d != 0 {
			return d
		}
		return inventory.CompareNatural(x.fields(), y.fields())
	})
	w.write(&r)
	for _, f := range b.firmware {
		w.least(b.name+": "+f, b.parts, []string{b.model}, chosen, f)
	}
}

// fields is the line without its count, which must not decide on the order.
func (l *Line) fields() string {
	_, s, _ := strings.Cut(l.String(), " x")
	return s
}

func fieldOf(parts, field string) (kind, error) {
	t, err := partsType(parts)
	if err != nil {
		return 0, err
	}
	return fieldKind(t, field)
}

// least expects, for each kind of part, no less of a field than the least of
// today.
func (w *writer) least(name, parts string, model []string, chosen []candidate, field string) {
	kinds := map[string]*Rule{}
	var order []string
	for _, p := range chosen {
		v := value(p.obj, field)
		r := Rule{Name: name, Parts: parts}
		for _, m := range model {
			if mv := value(p.obj, m); plain(mv) != "" {
				r.Where = append(r.Where, w.condition(parts, m, mv))
			}
		}
		if plain(v) == "" || len(r.Where) < len(model) {
			continue
		}
		r.Where = append(r.Where, Condition{Field: field, Said: new(true)})
		k := w.condition(parts, field, v)
		k.AtLeast, k.OneOf = &k.OneOf[0], nil
		r.Each = []Condition{k}
		key := ""
		for i := range r.Where {
			key += r.Where[i].String() + "\x00"
		}
		known := kinds[key]
		if known == nil {
			kinds[key] = &r
			order = append(order, key)
			continue
		}
		if order, ok := k.compare(*known.Each[0].AtLeast, *k.AtLeast); ok && order > 0 {
			known.Each = r.Each
		}
	}
	for _, key := range order {
		r := kinds[key]
		if len(r.Each) > 0 {
			// A part that stops saying it is not one that may be ignored.
			r.Where = r.Where[:len(r.Where)-1]
			if w.c.rule(r).Status != Pass {
				r.Where = append(r.Where, Condition{Field: field, Said: new(true)})
			}
		}
		w.write(r)
	}
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
