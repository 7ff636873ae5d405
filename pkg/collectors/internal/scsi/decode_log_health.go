package scsi

// Temperature is log page 0Dh (SPC-5 7.3.21); nil = not told.
type Temperature struct {
	Celsius          *int
	ReferenceCelsius *int // the most the device is meant to run at
}

// DecodeTemperature decodes log page 0Dh.
func DecodeTemperature(l *LogPage) (*Temperature, error) {
	if err := l.is(LogTemperature, 0); err != nil {
		return nil, err
	}
	t := &Temperature{}
	for p := range l.Parameters() {
		if len(p.Value) < 2 {
			continue
		}
		switch p.Code {
		case 0:
			t.Celsius = celsius(p.Value[1])
		case 1:
			t.ReferenceCelsius = celsius(p.Value[1])
		}
	}
	return t, nil
}

// celsius reads a temperature byte; FFh means that the sensor gives none.
func celsius(b byte) *int {
	if b == 0xFF {
		return nil
	}
	return new(int(b))
}

// StartStop is log page 0Eh (SPC-5 7.3.20); nil and "" = not told.
type StartStop struct {
	ManufactureYear  string // "2016"
	ManufactureWeek  string // "31"
	SpecifiedCycles  *uint32
	Cycles           *uint32 // start-stop cycles so far
	SpecifiedUnloads *uint32
	LoadUnloadCycles *uint32
}

// DecodeStartStop decodes log page 0Eh.
func DecodeStartStop(l *LogPage) (*StartStop, error) {
	if err := l.is(LogStartStop, 0); err != nil {
		return nil, err
	}
	s := &StartStop{}
	for p := range l.Parameters() {
		switch {
		case p.Code == 1 && len(p.Value) >= 6:
			s.ManufactureYear, s.ManufactureWeek = digits(p.Value[:4]), digits(p.Value[4:6])
		case len(p.Value) < 4:
		case p.Code == 3:
			s.SpecifiedCycles = cycles(p.Value)
		case p.Code == 4:
			s.Cycles = cycles(p.Value)
		case p.Code == 5:
			s.SpecifiedUnloads = cycles(p.Value)
		case p.Code == 6:
			s.LoadUnloadCycles = cycles(p.Value)
		}
	}
	return s, nil
}

// cycles reads a count; all ones means not kept.
func cycles(b []byte) *uint32 {
	v := uint32(be32(b))
	if v == 0xFFFFFFFF {
		return nil
	}
	return &v
}

func digits(b []byte) string {
	for _, c := range b {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return string(b)
}

// DecodeSolidState decodes log page 11h (SBC-4 6.4.6): the percentage of the
// endurance used, which may pass 100; nil when not told.
func DecodeSolidState(l *LogPage) (*uint8, error) {
	if err := l.is(LogSolidState, 0); err != nil {
		return nil, err
	}
	for p := range l.Parameters() {
		if p.Code == 1 && len(p.Value) >= 4 {
			return new(p.Value[3]), nil
		}
	}
	return nil, nil
}

// Exceptions is log page 2Fh (SPC-5 7.3.13): what the device would warn of.
type Exceptions struct {
	ASC     uint8 // 0 = nothing to warn of
	ASCQ    uint8
	Celsius *int // most recent reading; nil = not told
}

// Additional sense codes of informational exceptions.
const (
	ascWarning          = 0x0B
	ascFailurePredicted = 0x5D
)

// Warns says that the device reports a condition: 5Dh is a predicted failure,
// 0Bh a warning. The test code 5Dh/FFh is none.
func (e *Exceptions) Warns() bool {
	return e.ASC != 0 && (e.ASC != ascFailurePredicted || e.ASCQ != 0xFF)
}

// DecodeExceptions decodes log page 2Fh.
func DecodeExceptions(l *LogPage) (*Exceptions, error) {
	if err := l.is(LogExceptions, 0); err != nil {
		return nil, err
	}
	for p := range l.Parameters() {
		if p.Code != 0 || len(p.Value) < 2 {
			continue
		}
		e := &Exceptions{ASC: p.Value[0], ASCQ: p.Value[1]}
		if len(p.Value) >= 3 && p.Value[2] != 0 {
			e.Celsius = celsius(p.Value[2])
		}
		return e, nil
	}
	return nil, malformed(l, "no parameter 0")
}
