package pciconf

import (
	"strconv"
	"strings"
)

// Link is this end of a PCI Express link. Speeds are in gigatransfers per
// second and lane, widths in lanes; nil is a value the registers do not give.
type Link struct {
	// PortNumber is the number the hardware gave the port.
	PortNumber uint8
	// MaxSpeedGTs and MaxWidth are what this end can do.
	MaxSpeedGTs *float64
	MaxWidth    *int
	// CurrentSpeedGTs and CurrentWidth are what was negotiated. Of a port
	// with nothing behind it they mean nothing.
	CurrentSpeedGTs *float64
	CurrentWidth    *int
	// SupportedSpeedsGTs is ascending; nil when the device predates the
	// register.
	SupportedSpeedsGTs []float64
	// TargetSpeedGTs is the speed software asked for: below the maximum, the
	// link was slowed down on purpose.
	TargetSpeedGTs *float64
	// Active says whether the link is up; nil when the port cannot tell.
	Active   *bool
	Training bool
}

// link decodes the registers from 0Ch to 14h and, of version 2, those from
// 2Ch, which are left out when they do not fit.
func (d *decoder) link(at int, version uint8) *Link {
	caps, status := d.u32(at+0x0C), d.u16(at+0x12)
	l := &Link{
		PortNumber:      uint8(caps >> 24),
		MaxSpeedGTs:     optional(SpeedGTs(uint8(caps & 0xF))),
		MaxWidth:        optional(Width(uint8(caps >> 4 & 0x3F))),
		CurrentSpeedGTs: optional(SpeedGTs(uint8(status & 0xF))),
		CurrentWidth:    optional(Width(uint8(status >> 4 & 0x3F))),
		Training:        status&0x800 != 0,
	}
	const reportsActive = 1 << 20
	if caps&reportsActive != 0 {
		l.Active = new(status&0x2000 != 0)
	}
	if version >= 2 && at+0x32 <= standardSize && d.has(at+0x2C, 6) {
		vector := d.u32(at + 0x2C)
		for code := uint8(1); code <= 7; code++ {
			if gts, ok := SpeedGTs(code); ok && vector&(1<<code) != 0 {
				l.SupportedSpeedsGTs = append(l.SupportedSpeedsGTs, gts)
			}
		}
		l.TargetSpeedGTs = optional(SpeedGTs(uint8(d.u16(at+0x30) & 0xF)))
	}
	return l
}

// Slot is the Slot Capabilities and Slot Status registers.
type Slot struct {
	// Number is the number on the chassis; nil when the port gives none,
	// which it must where there is no slot to put a number on.
	Number *int
	// PowerLimitWatts is what the slot may supply; nil when not given.
	PowerLimitWatts *float64
	HotPlug         bool
	HotPlugSurprise bool // cards may be pulled without notice
	AttentionButton bool
	PowerController bool
	// Present says whether a card is there.
	Present bool
}

func (d *decoder) slot(at int) *Slot {
	caps, status := d.u32(at+0x14), d.u16(at+0x1A)
	s := &Slot{
		PowerLimitWatts: slotPower(caps),
		HotPlug:         caps&0x40 != 0,
		HotPlugSurprise: caps&0x20 != 0,
		AttentionButton: caps&0x01 != 0,
		PowerController: caps&0x02 != 0,
		Present:         status&0x40 != 0,
	}
	if n := int(caps >> 19); n != 0 {
		s.Number = &n
	}
	return s
}

// slotPower multiplies the limit by its scale; F0h and above at scale 0 stand
// for steps of 25 W from 250 W on, FFh for more than 600 W. PCI Express 6.0,
// 7.5.3.9.
func slotPower(caps uint32) *float64 {
	value, scale := caps>>7&0xFF, caps>>15&3
	switch {
	case value == 0:
		return nil
	case scale == 0 && value >= 0xF0:
		if value > 0xFE {
			return nil
		}
		return new(250 + 25*float64(value-0xF0))
	}
	return new(float64(value) / [...]float64{1, 10, 100, 1000}[scale])
}

// SpeedGTs is the speed of a Link Speed code, in GT/s. PCI Express 6.0,
// 7.5.3.6 and 7.5.3.18.
func SpeedGTs(code uint8) (gts float64, ok bool) {
	switch code {
	case 1:
		return 2.5, true
	case 2:
		return 5, true
	case 3:
		return 8, true
	case 4:
		return 16, true
	case 5:
		return 32, true
	case 6:
		return 64, true
	default:
		return 0, false
	}
}

// Width is the number of lanes of a Link Width code; ok is false for those the
// specification does not have.
func Width(code uint8) (lanes int, ok bool) {
	switch code {
	case 1, 2, 4, 8, 12, 16, 32:
		return int(code), true
	default:
		return 0, false
	}
}

// ParseSpeed reads the sysfs attributes current_link_speed and max_link_speed:
// "8.0 GT/s PCIe", in older kernels "8 GT/s". "Unknown" and any speed that does
// not exist are not ok.
func ParseSpeed(text string) (gts float64, ok bool) {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	if unit != "GT/s" && !strings.HasPrefix(unit, "GT/s ") {
		return 0, false
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, false
	}
	for code := uint8(1); ; code++ {
		gts, ok := SpeedGTs(code)
		if !ok || gts == v {
			return gts, ok
		}
	}
}

// ParseWidth reads the sysfs attributes current_link_width and max_link_width.
// 0 (no link) and 255 (unknown to the kernel) are not ok.
func ParseWidth(text string) (lanes int, ok bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 8)
	if err != nil {
		return 0, false
	}
	return Width(uint8(n))
}

func optional[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}
