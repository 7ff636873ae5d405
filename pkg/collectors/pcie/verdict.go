package pcie

import "strconv"

// leadsAway says whether the function's link leads away from the processor.
func (f *function) leadsAway() bool {
	return f.conf != nil && f.conf.Express != nil && f.conf.Express.PortType.Downstream()
}

// isBridge says whether other functions can be below this one.
func (f *function) isBridge() bool {
	if f.conf != nil {
		return f.conf.Layout != 0
	}
	return len(f.dev.ClassID) == 6 && f.dev.ClassID[:4] == "0604"
}

// slotNumber is the number in the slot capability, "" when there is none.
func (f *function) slotNumber() string {
	if f.conf == nil || f.conf.Express == nil || f.conf.Express.Slot == nil || f.conf.Express.Slot.Number == nil {
		return ""
	}
	return strconv.Itoa(*f.conf.Express.Slot.Number)
}

// canJudge says whether f and the port above it are the two ends of one link,
// and of a link that is made of lanes. Below Thunderbolt and USB4 the
// registers hold fixed values that say nothing about the link.
//
// Without capabilities the types of port are not known; then only a device
// directly below a bridge is judged.
func canJudge(f, above *function) bool {
	if f.dev.Link == nil || above == nil || above.dev.Link == nil || f.removable || above.tunnels {
		return false
	}
	if f.conf != nil && f.conf.Express != nil {
		if !f.conf.Express.PortType.Upstream() {
			return false
		}
	} else if f.isBridge() {
		return false
	}
	if above.conf != nil && above.conf.Express != nil {
		return above.leadsAway()
	}
	return above.isBridge()
}

// judge compares the link with what both of its ends could do. The verdict
// stands at the lower end only, so that one link is not counted twice; a port
// with nothing below it is never judged.
func judge(f, above *function) {
	f.tunnels = f.tunnels || above != nil && above.tunnels
	if !canJudge(f, above) {
		return
	}
	l, port := f.dev.Link, above.dev.Link
	if l.MaxSpeedGTs != nil && port.MaxSpeedGTs != nil {
		l.AttainableSpeedGTs = new(min(*l.MaxSpeedGTs, *port.MaxSpeedGTs))
	}
	if l.MaxWidth != nil && port.MaxWidth != nil {
		l.AttainableWidth = new(min(*l.MaxWidth, *port.MaxWidth))
	}
	if l.CurrentWidth != nil && *l.CurrentWidth == 0 {
		return // down, as it is while a device sleeps
	}
	narrower, knowsWidth := below(l.CurrentWidth, l.AttainableWidth)
	slower, knowsSpeed := below(l.CurrentSpeedGTs, l.AttainableSpeedGTs)
	if narrower || slower || knowsWidth && knowsSpeed {
		l.Degraded = new(narrower || slower)
	}
}

func below[T int | float64](is, could *T) (lower, known bool) {
	if is == nil || could == nil {
		return false, false
	}
	return *is < *could, true
}
