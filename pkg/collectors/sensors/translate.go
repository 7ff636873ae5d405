package sensors

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// answers are the attributes of a chip as they were read.
type answers struct {
	dir    string
	values map[string]host.FileResult
	errs   []error
}

func (a *answers) err() error { return errors.Join(a.errs...) }

func (a *answers) fail(id, field, name string, err error) {
	a.errs = append(a.errs, &inventory.PartError{ComponentID: id, Field: field, Source: path.Join(a.dir, name), Err: sysfs.Cause(err)})
}

// text is an attribute's content; why says in a word why there is none where
// the chip itself has nothing to say.
func (a *answers) text(id, field, name string) (s, why string) {
	r, asked := a.values[name]
	switch {
	case !asked, errors.Is(r.Err, fs.ErrNotExist):
		return "", ""
	case r.Err == nil:
		return sysfs.Clean(string(r.Data)), ""
	case sysfs.Silent(r.Err):
		return "", "no_data"
	case errors.Is(r.Err, syscall.EAGAIN), errors.Is(r.Err, syscall.EBUSY):
		return "", "not_ready"
	}
	a.fail(id, field, name, r.Err)
	return "", "unreadable"
}

// translate makes a sensor of a channel; false where its reading vanished
// while it was read.
func (c *chip) translate(ch channel, a *answers) (inventory.HostSensor, bool) {
	s := inventory.HostSensor{
		Meta: inventory.Meta{ID: c.prefix + "/" + ch.name, Sources: []string{c.dir}},
		Chip: c.label, Channel: ch.name, Type: ch.kind.name, Unit: ch.kind.unit,
		Health: inventory.HealthUnknown, Device: c.device, PackageID: c.pkg, PCIAddress: c.pci,
	}
	if s.Name, _ = a.text(s.ID, "name", ch.attribute("label")); s.Name == "" {
		s.Name = ch.name
	}
	if on, _ := a.text(s.ID, "value", ch.attribute("enable")); on == "0" {
		s.Unavailable = "disabled"
		return s, true
	}
	if c.leftOut("input") {
		s.Unavailable = "not_asked"
		return s, true
	}
	c.value(&s, ch, a)
	c.alarms(&s, ch, a)
	c.limits(&s, ch, a)
	return s, true
}

// value takes the reading: that of the moment, else the average some power
// meters give instead.
func (c *chip) value(s *inventory.HostSensor, ch channel, a *answers) {
	for _, suffix := range []string{"input", "average"} {
		name := ch.attribute(suffix)
		text, why := a.text(s.ID, "value", name)
		if why != "" {
			s.Unavailable = why
		}
		if text == "" {
			continue
		}
		v, ok := decodeValue(ch.kind, text)
		switch {
		case !ok:
			s.Unavailable = "unreadable"
			a.fail(s.ID, "value", name, fmt.Errorf("%.64q: %w", text, inventory.ErrMalformed))
		case !ch.kind.plausible(v):
			s.Unavailable = "out_of_scale"
		default:
			s.Value, s.Unavailable = &v, ""
			return
		}
	}
}

// alarms notes the flags that are up.
func (c *chip) alarms(s *inventory.HostSensor, ch channel, a *answers) {
	for _, suffix := range ch.suffixes {
		if suffix != "fault" && suffix != "alarm" && !strings.HasSuffix(suffix, "_alarm") {
			continue
		}
		text, _ := a.text(s.ID, "alarms", ch.attribute(suffix))
		switch text {
		case "", "0":
		case "1":
			s.Alarms = append(s.Alarms, suffix)
		default:
			a.fail(s.ID, "alarms", ch.attribute(suffix), fmt.Errorf("%.64q: %w", text, inventory.ErrMalformed))
		}
	}
	if slices.Contains(s.Alarms, "fault") && ch.kind.name != "fan" {
		s.Value, s.Unavailable = nil, "fault" // an open diode reads as anything
	}
}

// limits takes the thresholds that make sense: a chip nobody has set up has
// zeros, or a lower limit above the upper one.
func (c *chip) limits(s *inventory.HostSensor, ch channel, a *answers) {
	found := map[string]float64{}
	for _, l := range []struct{ suffix, name string }{
		{"max", "upper_non_critical"},
		{"crit", "upper_critical"},
		{"emergency", "upper_non_recoverable"},
		{"min", "lower_non_critical"},
		{"lcrit", "lower_critical"},
	} {
		text, _ := a.text(s.ID, "thresholds", ch.attribute(l.suffix))
		if text == "" {
			continue
		}
		v, ok := decodeValue(ch.kind, text)
		switch {
		case !ok:
			a.fail(s.ID, "thresholds", ch.attribute(l.suffix), fmt.Errorf("%.64q: %w", text, inventory.ErrMalformed))
		case !ch.kind.plausible(v), v == 0 && ch.kind.name != "temperature", v <= 0 && strings.HasPrefix(l.name, "upper"):
		case ch.kind.name == "temperature" && (v < -60 || v > 250): // the ends of a register
		default:
			found[l.name] = v
		}
	}
	for _, pair := range [][2]string{{"lower_non_critical", "upper_non_critical"}, {"lower_critical", "upper_critical"}} {
		lower, hasLower := found[pair[0]]
		upper, hasUpper := found[pair[1]]
		if hasLower && hasUpper && lower >= upper {
			delete(found, pair[0])
			delete(found, pair[1])
		}
	}
	if len(found) > 0 {
		s.Thresholds = found
	}
}
