package policy

import (
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

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
