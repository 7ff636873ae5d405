package export

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/pkg/inventory"
)

// Prometheus is the report in the text exposition format 0.0.4, for a textfile
// collector. Names follow Prometheus' conventions: base units, _total for
// counters, _info for labels worth joining on. Every series about a part
// carries the part's id as label "component".
func Prometheus(r *inventory.Report) []byte {
	m := &metrics{families: map[string]*family{}}
	m.report(r)
	m.machine(r)
	m.cpus(r.CPUs)
	m.memory(r.Memory)
	m.drives(r.Storage)
	m.volumes(r)
	m.pcie(r.PCIeDevices)
	m.powerSupplies(r.PowerSupplies)
	m.gpus(r.GPUs)
	m.network(r.Network)
	m.bmc(r.BMC)
	m.sensors(r.Sensors)
	return m.text()
}

// family is all series of one name.
type family struct {
	name, help, kind string
	lines            []string
	seen             map[string]bool
}

type metrics struct {
	order    []*family
	families map[string]*family
}

// label is a name and a value; empty values are left out, as an empty label is
// the same as none.
type label struct{ name, value string }

func component1(id string) label { return label{"component", id} }

func (m *metrics) gauge(name, help string, value float64, labels ...label) {
	m.add(name, help, "gauge", value, labels)
}

func (m *metrics) counter(name, help string, value float64, labels ...label) {
	m.add(name, help, "counter", value, labels)
}

func (m *metrics) info(name, help string, labels ...label) {
	m.add(name, help, "gauge", 1, labels)
}

// add puts one series into its family; a series that is there already stays as
// it is, since a second one would make the whole text invalid.
func (m *metrics) add(name, help, kind string, value float64, labels []label) {
	f := m.families[name]
	if f == nil {
		f = &family{name: name, help: help, kind: kind, seen: map[string]bool{}}
		m.families[name] = f
		m.order = append(m.order, f)
	}
	var b strings.Builder
	sep := "{"
	for _, l := range labels {
		if l.value == "" {
			continue
		}
		b.WriteString(sep + l.name + `="` + labelValue(l.value) + `"`)
		sep = ","
	}
	if sep == "," {
		b.WriteByte('}')
	}
	series := b.String()
	if f.seen[series] {
		return
	}
	f.seen[series] = true
	f.lines = append(f.lines, name+series+" "+strconv.FormatFloat(value, 'g', -1, 64))
}

func (m *metrics) text() []byte {
	var b bytes.Buffer
	for _, f := range m.order {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
		for _, l := range f.lines {
			b.WriteString(l + "\n")
		}
	}
	return b.Bytes()
}

// labelValue escapes what the format demands, after what cannot be seen was
// written out.
func labelValue(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(inline(s))
}

// opt adds a gauge for a value that is known.
func opt[T uint8 | uint16 | uint32 | uint64 | int | float64](m *metrics, name, help string, v *T, labels ...label) {
	if v != nil {
		m.gauge(name, help, float64(*v), labels...)
	}
}

// count adds a counter for a value that is known.
func count[T uint32 | uint64 | int](m *metrics, name, help string, v *T, labels ...label) {
	if v != nil {
		m.counter(name, help, float64(*v), labels...)
	}
}

// flag adds 1 or 0 for a flag that is known.
func flag(m *metrics, name, help string, v *bool, labels ...label) {
	if v != nil {
		m.gauge(name, help, truth(*v), labels...)
	}
}

func truth(v bool) float64 {
	if v {
		return 1
	}
	return 0
}

// health adds a state set: one series per state, of which one is 1.
func (m *metrics) health(kind, id string, h inventory.Health) {
	if h == "" {
		return
	}
	m.states("bee_component_health", "The verdict on one part, 1 for the state it is in.", string(h), component1(id), label{"kind", kind})
}

func (m *metrics) states(name, help, is string, labels ...label) {
	all := []string{"ok", "warning", "critical", "unknown"}
	for _, s := range all {
		m.gauge(name, help, truth(s == is || s == "unknown" && !has(all, is)), append(labels[:len(labels):len(labels)], label{"state", s})...)
	}
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
