package ata

import "strings"

// Raw attribute values are the vendor's own: hours may be minutes, and other
// counters may sit in the upper bytes. What follows reads a value only where
// every known packing agrees on it; everywhere else it says "cannot tell".

// Attribute ids with a meaning that vendors agree on.
const (
	idReallocated    = 5
	idPowerOnTime    = 9
	idPowerCycles    = 12
	idUncorrected    = 187
	idAirflow        = 190
	idTemperature    = 194
	idPending        = 197
	idUncorrectable  = 198
	idCRCErrors      = 199
	maxHours         = 30 * 365 * 24 // nothing that answers SMART is older
	minTempCelsius   = -40
	maxTempCelsius   = 125
	byteSignedMarker = 0xFF
)

// TempCelsius returns the current temperature, of attribute 194 or else 190.
// Current is in the lowest byte in every packing (plain; minimum and maximum
// in the upper words; in the upper bytes of the second word); a second byte
// that is not its sign is some other unit, and is not read.
func (d *SMARTData) TempCelsius() *int {
	for _, id := range []uint8{idTemperature, idAirflow} {
		if a, ok := d.Attribute(id); ok {
			if t := temperature(a.Raw); t != nil {
				return t
			}
		}
	}
	return nil
}

func temperature(raw uint64) *int {
	if raw == 0 || raw == 1<<48-1 {
		return nil // not implemented
	}
	low, sign := byte(raw), byte(raw>>8)
	t := int(low)
	switch {
	case sign == byteSignedMarker && low >= 0x80:
		t -= 256
	case sign != 0:
		return nil
	}
	if t < minTempCelsius || t > maxTempCelsius {
		return nil
	}
	return &t
}

// PowerOnHours returns attribute 9 as hours for a drive of the given model and
// firmware. The count is in the lower 24 bits (some drives keep milliseconds
// in the upper ones). Drives known to count otherwise are converted; those of
// whom it is not known, and counts longer than any drive's life, are nil.
func (d *SMARTData) PowerOnHours(model, firmware string) *uint64 {
	a, ok := d.Attribute(idPowerOnTime)
	if !ok || a.Raw == 1<<48-1 {
		return nil
	}
	hours := a.Raw & 0xFFFFFF
	switch powerOnUnit(model, firmware) {
	case unitHours:
	case unitMinutes: // counts past 24 bits in 32 years: read as far as it goes
		hours = a.Raw & 0xFFFFFFFF / 60
	case unitHalfMinutes:
		hours = a.Raw & 0xFFFFFFFF / 120
	default:
		return nil
	}
	if hours > maxHours {
		return nil
	}
	return &hours
}

type unit uint8

const (
	unitUnknown unit = iota
	unitHours
	unitMinutes
	unitHalfMinutes
)

// powerOnUnit knows the families that do not count in hours.
func powerOnUnit(model, firmware string) unit {
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(model, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("Maxtor ", "TOSHIBA MK"):
		return unitMinutes
	case has("SAMSUNG SV", "SAMSUNG SP", "SAMSUNG MP"):
		return unitHalfMinutes
	case has("FUJITSU MHY", "FUJITSU MHZ", "FUJITSU MJA"):
		if firmware == "0085000B" {
			return unitMinutes
		}
		return unitHours
	case has("FUJITSU ", "HITACHI_DK", "IBM-D"): // seconds, minutes or hours, by model and firmware
		return unitUnknown
	}
	return unitHours
}

// Count returns an attribute whose raw value is a plain number of events:
// reallocated (5), pending (197) and uncorrectable (198) sectors, reported
// uncorrectable errors (187), power cycles (12), interface CRC errors (199).
// A value that does not fit 32 bits has something else packed in: nil.
func (d *SMARTData) Count(id uint8) *uint64 {
	switch id {
	case idReallocated, idPowerCycles, idUncorrected, idPending, idUncorrectable, idCRCErrors:
	default:
		return nil
	}
	a, ok := d.Attribute(id)
	if !ok || a.Raw >= 1<<32-1 {
		return nil
	}
	return new(a.Raw)
}
