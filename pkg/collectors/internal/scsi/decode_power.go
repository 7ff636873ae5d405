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

// DecodePowerCondition reads the power condition from REQUEST SENSE parameter
// data (SPC-5 5.13.5, annex F: 5Eh and 04h/02h, 04h/11h).
func DecodePowerCondition(b []byte) (PowerCondition, error) {
	s, err := DecodeSense(b)
	if err != nil {
		return PowerUnknown, err
	}
	switch {
	case s.ASC == 0x5E:
		switch s.ASCQ {
		case 0x01, 0x03, 0x05, 0x06, 0x07, 0x08:
			return PowerIdle, nil
		case 0x02, 0x04, 0x09, 0x0A:
			return PowerStandby, nil
		}
		return PowerUnknown, nil
	case s.ASC == 0x04 && (s.ASCQ == 0x02 || s.ASCQ == 0x11):
		return PowerStopped, nil
	case s.Key == KeyNoSense && s.ASC == 0:
		return PowerActive, nil
	}
	return PowerUnknown, nil
}
