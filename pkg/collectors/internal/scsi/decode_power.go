package scsi

// A PowerCondition is active, idle, standby, stopped or "" for one the device
// does not tell.
type PowerCondition string

// The power conditions.
const (
	PowerUnknown PowerCondition = ""
	PowerActive  PowerCondition = "active"
	PowerIdle    PowerCondition = "idle"
	PowerStandby PowerCondition = "standby"
	PowerStopped PowerCondition = "stopped"
)

// Power reads the power condition from REQUEST SENSE parameter data (SPC-5
// 5.13.5, annex F: 5Eh and 04h/02h, 04h/11h).
func (s *Sense) Power() PowerCondition {
	switch {
	case s.ASC == 0x5E:
		switch s.ASCQ {
		case 0x01, 0x03, 0x05, 0x06, 0x07, 0x08:
			return PowerIdle
		case 0x02, 0x04, 0x09, 0x0A:
			return PowerStandby
		}
	case s.ASC == 0x04 && (s.ASCQ == 0x02 || s.ASCQ == 0x11):
		return PowerStopped
	case s.Key == KeyNoSense && s.ASC == 0:
		return PowerActive
	}
	return PowerUnknown
}

// Exceptions is what REQUEST SENSE parameter data tells of informational
// exceptions, of a device set to tell them only when it is asked (SPC-5
// 7.5.12, MRIE 6h); nil for none.
func (s *Sense) Exceptions() *Exceptions {
	e := &Exceptions{ASC: s.ASC, ASCQ: s.ASCQ}
	if s.Deferred || s.ASC != ascWarning && s.ASC != ascFailurePredicted || !e.Warns() {
		return nil
	}
	return e
}
